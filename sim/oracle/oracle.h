// Watches a run from outside and says whether everything held. It learns the truth in the order in
// which the store applied commits, from what SQLite wrote and read through the recorder of each
// session, and from the replies that a live client acts on; it never asks the product.
//
// The first violation is reported, then the oracle falls silent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "engine/messages.h"
#include "engine/structure.h"
#include "sim/oracle/invariants.h"
#include "sim/plan.h"
#include "sim/probes.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

class SimulatedStore;
class SessionTruth;
class Judge;
class PageBlame;
class StorageDamage;
struct ActorTruth;
struct ServedCommit;

struct OracleOptions {
  SimulatedStore* store = nullptr;
  const Plan* plan = nullptr;
  std::function<int64_t()> now_us;               // of the world; stands in every report
  std::function<void(const Violation&)> report;  // at most once
  ProbeCounts* probes = nullptr;                 // of the run; null: nobody counts
  // How much has gone wrong so far that could keep an actor from being compacted. Null: nobody
  // knows.
  std::function<uint64_t(ActorId)> compaction_troubles = nullptr;
  // The time of day, from which every clock may be off. Null: nobody knows.
  std::function<int64_t()> wall_us = nullptr;
};

// Of the whole run, in RunResult's terms.
struct OracleFigures {
  uint64_t commits = 0;            // acknowledged engine commits
  uint64_t committing_actors = 0;  // actors with one
  uint64_t dirty_pages = 0;        // of all acknowledged commits
  uint64_t staged_commits = 0;     // acknowledged
  uint64_t compactions = 0;        // landed
  uint64_t shrinks = 0;            // landed commits that made a database smaller
  uint64_t page_fetches = 0;       // get_pages requests that sessions sent
  uint64_t statements = 0;         // run to an end on the product
};

// The oracle's end of a session, for Session and its parts.
struct SessionLink {
  Judge* judge = nullptr;
  OracleFigures* figures = nullptr;
  StorageDamage* damage = nullptr;
  const ActorTruth* actor = nullptr;
  ProbeCounts* probes = nullptr;
  PageBlame* blame = nullptr;
  const std::function<int64_t()>* now_us = nullptr;  // of the world
  std::shared_ptr<SessionTruth> truth;
};

// Whoever makes it adds it to the store's observers.
class Oracle final : public StoreObserver {
 public:
  explicit Oracle(OracleOptions options);
  ~Oracle() override;

  // Before the takeover request of that owner is first sent; again for the same owner changes
  // nothing.
  void expect_session(ActorId actor, Owner owner);
  // Killed or closed: this owner acts no more; its commits in flight may still land.
  void process_ended(ActorId actor, Owner owner);

  // Every actor that changed since the last look is scanned: structure, pages, integrity, content.
  // Between any two events; commits in flight do not matter.
  void check_stored();

  // All that may have to run has run. Actors of which a commit or a takeover was acknowledged after
  // since_us, when the last node died, are known to a node that lives: they are converged.
  void check_converged(int64_t since_us);

  // Every commit of the store, in the order of truth.
  void on_applied(const AppliedCommit& commit) override;
  void on_over_limit(StoreCode code, uint64_t size_bytes) override;

  // A node has answered a request; peak_requests: served at once there, at most, since it started.
  void node_answered(uint32_t node, const Engine::MemoryUse& use, size_t peak_requests);
  // It serves nobody and compacts nothing.
  void node_idle(uint32_t node, const Engine& engine);
  // A node has answered a request that commits, or stages.
  void node_served(const ServedCommit& served);
  // A node answered a request of the actor with an error.
  void node_refused(ActorId actor, bool ends_connection);
  // A message went through its codec (message_codec.h).
  void message_coded(std::string_view sent, std::string_view again, const std::string& problem);

  // --- what the world did, as far as a verdict depends on it ---
  // A read returned other bytes under stored_key than lie there; the store lost what lies there.
  // From now on wrong pages of the actor are corruption-detected's, and "corrupt" is an answer
  // where this explains it.
  void value_bent(const ParsedKey& key, std::string_view stored_key);
  void blob_lost(const ParsedKey& key, std::string_view stored_key);
  // A start command reached a host that already runs the actor under it. why: as a clause, for
  // people.
  void start_replayed(ActorId actor, uint64_t start_sequence, uint32_t host, std::string_view why);

  // An operator has asked for this quota; it may be set from now on, and later ones override it.
  void quota_asked(ActorId actor, uint64_t bytes);

  // Why the actor can't serve, derived from what is stored and lost; nothing when it can.
  std::optional<std::string> quarantine(ActorId actor) const;

  // From now on a client that isn't the engine asks for more than the store may take, or no more.
  void expect_over_limit(bool asked);

  // Liveness is judged by the world, with this.
  void report(Invariant invariant, std::string_view site, std::string message);
  void evaluated(Invariant invariant);

  bool violated() const;
  const InvariantCounts& counts() const;
  const OracleFigures& figures() const;

  // Of an owner that is expected. A second takeover by the same owner, after another one's, is
  // another life: ask again once the takeover is answered. The pointers live as long as the oracle.
  SessionLink link(ActorId actor, Owner owner);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace squall::sim
