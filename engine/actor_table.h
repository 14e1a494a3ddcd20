// What a node keeps in memory about the actors that it serves: caches and compaction's bookkeeping.
// All of it may be lost at any time; nothing here is ever trusted without its tag being compared
// with a head read from the store.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <list>
#include <memory>
#include <optional>

#include "engine/head.h"
#include "engine/page_index.h"
#include "engine/runtime.h"

namespace squall {

struct ActorState {
  explicit ActorState(ActorId id) : actor(id) {}

  const ActorId actor;

  // --- the cached index: as of `head`, when there is one ---
  std::optional<Head> head;
  PageIndex index;
  // Pieces of the shards that were cut when last seen: a guess that saves a round trip.
  absl::btree_map<uint32_t, uint32_t> shard_pieces;

  bool index_is_of(HeadTag tag) const { return head && tag_of(*head) == tag; }

  // --- compaction (compaction_coordinator.h) ---
  bool dirty = false;        // not known to be converged
  bool idle_queued = false;  // waits in the coordinator for its idle time
  bool due = false;          // waits in the coordinator for a worker
  bool worker_running = false;
  bool pass_wanted = false;  // by a takeover: one pass at least
  int64_t last_commit_us = 0;
  uint64_t last_txid = 0;    // the newest seen on this node
  uint64_t live_deltas = 0;  // about; exact after a takeover or a pass
  uint64_t live_delta_bytes = 0;
  uint64_t noted_deltas = 0;  // ever, on this node
  uint64_t noted_delta_bytes = 0;
  // While set, commits of the actor on this node wait their turn.
  bool latched = false;
  std::unique_ptr<Signal> changed;  // latch released, or deltas gone; made when someone waits

  // Kept by a planted defect only.
  bool starting = false;  // a takeover has begun, or failed
  bool closed = false;    // by an older start that failed

  uint32_t pins = 0;
  bool in_use() const {
    return pins > 0 || dirty || worker_running || due || idle_queued || starting || closed;
  }

  // Its place among the actors with a cached index.
  std::optional<std::list<ActorState*>::iterator> place;
};

class ActorTable {
 public:
  // max_indexed bounds the actors whose index is cached; states without index, work or pins are
  // dropped.
  ActorTable(size_t max_indexed, Runtime& runtime) : max_indexed_(max_indexed), runtime_(runtime) {}

  // The actor's state, made if need be (*created).
  ActorState& get(ActorId actor, bool* created);
  ActorState* find(ActorId actor);

  // Takes a loaded index into the cache unless what is there is newer.
  void install(ActorState& state, const Head& head, const PageIndex& index);
  // Marks the cached index as just used.
  void touch(ActorState& state);
  // Forgets a state that nobody needs any more.
  void drop_if_unused(ActorState& state);

  size_t size() const { return states_.size(); }
  size_t indexed() const { return recent_.size(); }

 private:
  void evict();

  size_t max_indexed_;
  Runtime& runtime_;
  absl::flat_hash_map<ActorId, std::unique_ptr<ActorState>> states_;
  std::list<ActorState*> recent_;  // with a cached index, most recently used first
};

// Keeps an actor's state where it is while someone works with it; the last to let go drops a state
// that nobody needs.
class Pin {
 public:
  // The table, which holds the state, outlives the pin.
  Pin(ActorTable& table, ActorState& state) : table_(table), state_(state) { ++state_.pins; }
  ~Pin() {
    --state_.pins;
    table_.drop_if_unused(state_);
  }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  ActorState* operator->() const { return &state_; }
  ActorState& operator*() const { return state_; }

 private:
  ActorTable& table_;
  ActorState& state_;
};

}  // namespace squall
