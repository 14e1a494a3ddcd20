// transaction-limits: every transaction keeps the store's limits, and the smaller ones that this
// run's knobs set in their place, before the store has to say no: key and value sizes, bytes of a
// transaction, raw bytes of a plain commit, shards and input of a pass; and a finalize carries no
// data, so that a staged commit may be larger than any transaction; and nothing is refused as too
// large that keeps them.
//
// Does not check: the time limit of a transaction; sizes of messages.
#pragma once

#include <cstdint>
#include <span>

#include "engine/messages.h"
#include "sim/knobs.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"
#include "sim/store/simulated_store.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

// A plain commit of that many pages was refused as too large: it is.
void check_too_large(Judge& judge, const SessionTruth& session, uint64_t pages, const Knobs& knobs);
// A staged chunk was: the stage may well have outgrown its bound.
void check_stage_too_large(Judge& judge, const SessionTruth& session, const Knobs& knobs);

class TransactionLimits {
 public:
  TransactionLimits(Judge& judge, const Knobs& knobs) : judge_(judge), knobs_(knobs) {}

  // A commit of the store.
  bool check(const AppliedCommit& commit) const;
  // The store refused what a client asked for.
  void over_limit(StoreCode code, uint64_t size_bytes) const;
  // A plain commit landed with that many pages.
  bool check_plain(ActorId actor, uint64_t txid, size_t pages) const;
  // A compaction landed with these rows: of as many shards, and as many bytes of deltas, as a pass
  // may fold.
  bool check_pass(const SimulatedStore& store, ActorId actor, std::span<const StoreRow> rows) const;
  // A staged one landed with these rows.
  bool check_finalize(ActorId actor, uint64_t txid, std::span<const StoreRow> rows) const;

 private:
  uint64_t largest_value_bytes(std::string_view key) const;

  Judge& judge_;
  const Knobs& knobs_;
};

}  // namespace squall::sim
