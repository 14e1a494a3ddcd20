// Follows the store commit by commit: works out what each did to an actor (a takeover, a commit, a
// stage, a compaction) from its head record before and after, holds it against the invariants and
// takes it into the truth.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/oracle.h"
#include "sim/oracle/page_blame.h"
#include "sim/oracle/stored_blob.h"
#include "sim/oracle/transaction_limits.h"
#include "sim/store/simulated_store.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

class Landings {
 public:
  // None is owned; all outlive it.
  Landings(Judge& judge, OracleFigures& figures, ProbeCounts& probes, PageBlame& blame,
           const OracleOptions& options)
      : judge_(judge),
        store_(*options.store),
        options_(options),
        figures_(figures),
        probes_(probes),
        blame_(blame),
        knobs_(options.plan->knobs),
        limits_(judge, knobs_),
        blobs_(store_) {}

  // The commit changed rows of the actor; head: its head record's among them, null when that is
  // not.
  void apply(ActorTruth& actor, const AppliedCommit& commit, const StoreRow* head);

 private:
  void head_changed(ActorTruth& actor, const AppliedCommit& commit, const Head& after);
  void takeover_landed(ActorTruth& actor, const Head& after);
  void stage_landed(const ActorTruth& actor, const AppliedCommit& commit, const Head& after);
  void commit_landed(ActorTruth& actor, const AppliedCommit& commit, const Head& after);
  // The sizes of what landed, and that nothing is left of a stage that it ended.
  bool check_form(const ActorTruth& actor, const AppliedCommit& commit, const Head& after,
                  bool staged);
  // Fills pages_ from the deltas of the commit; false: reported. *staged: they had come before; a
  // commit that wrote no delta turns out to be.
  bool read_deltas(const ActorTruth& actor, const AppliedCommit& commit, uint64_t txid,
                   bool* staged);
  bool read_delta(const ActorTruth& actor, const AppliedCommit& commit, DeltaName name,
                  std::string_view first_value);
  void adopt(ActorTruth& actor, SessionTruth& session, const Head& after, bool staged);
  void tell_twin(SessionTruth& session);
  void check_lag(ActorTruth& actor);
  void mark_commit(const ActorTruth& actor, const Head& after, bool staged);

  Judge& judge_;
  const SimulatedStore& store_;
  const OracleOptions& options_;
  OracleFigures& figures_;
  ProbeCounts& probes_;
  PageBlame& blame_;
  const Knobs& knobs_;
  const TransactionLimits limits_;
  StoredBlobReader blobs_;
  std::vector<PendingPage> pages_;  // of the commit that lands
  size_t index_cursor_ = 0;         // in its rows
};

}  // namespace squall::sim
