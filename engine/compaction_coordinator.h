// Who compacts when: one coordinator a node, and for each actor at most one worker.
//
// An actor is due when its live deltas reach a threshold, after a takeover that found many, and
// when it has been idle for a while and is not known to be converged. A worker makes passes
// (compaction.h) until the actor is below the thresholds, or converged when it is idle. A commit
// during a pass is seen when the worker decides whether to go on: between that decision and its end
// the worker does not wait, so no wake-up is lost.
#pragma once

#include <absl/container/btree_set.h>

#include <deque>
#include <memory>

#include "engine/actor_table.h"

namespace squall {

struct EngineCore;

class CompactionCoordinator {
 public:
  explicit CompactionCoordinator(EngineCore& core) : core_(core) {}

  // Spawns the coordinator's task. Without it nothing is compacted by itself.
  void start();

  // A node's first contact with an actor; or a commit, txid, that landed earlier than the node
  // hears of it.
  void note_touched(ActorState& state, uint64_t txid = 0);
  // A commit landed whose delta chunks take delta_bytes.
  void note_commit(ActorState& state, uint64_t txid, uint64_t deltas, uint64_t delta_bytes);
  // A takeover found that many live deltas.
  void note_takeover(ActorState& state, uint64_t txid, uint64_t deltas, uint64_t delta_bytes);
  // A commit was refused for lack of room: folding may make some.
  void note_quota_refusal(ActorState& state);

  // Before a commit: while a worker has taken its turn, or above the hard threshold, waits for a
  // bounded time.
  Result<void> wait_for_turn(ActorState& state);

  size_t queued() const { return due_.size() + idle_.size(); }
  uint32_t workers() const { return workers_; }
  uint32_t peak_workers() const { return peak_workers_; }

 private:
  class WorkerEnd;

  void run();
  void spawn_workers();
  void collect_idle();
  void work(ActorId actor);
  bool wants_more(const ActorState& state) const;
  bool over_threshold(const ActorState& state) const;
  bool idle(const ActorState& state) const;
  void make_due(ActorState& state);
  // Planted: until the channel to the coordinator has its one place free.
  void await_place();
  void queue_idle(ActorState& state);

  EngineCore& core_;
  std::unique_ptr<Signal> wake_;
  std::unique_ptr<Signal> place_;  // of a planted defect
  std::deque<ActorId> due_;
  absl::btree_set<std::pair<int64_t, ActorId>> idle_;  // when to look, at whom
  uint32_t workers_ = 0;
  uint32_t peak_workers_ = 0;
};

}  // namespace squall
