// What the store's media did to blobs and rows, as the world told it: the only excuse for an engine
// that says "corrupt", and the proof of an actor's quarantine. An excuse is of one blob or one row:
// the reply must name it, and the damage must have been done while the request was under way, or
// lasted until then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/head.h"
#include "engine/structure.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

class StorageDamage {
 public:
  explicit StorageDamage(const SimulatedStore& store) : store_(store) {}

  // A read returned other bytes under stored_key than lie there.
  void bent(const ParsedKey& key, std::string_view stored_key);
  // The store lost the value under stored_key.
  void lost(const ParsedKey& key, std::string_view stored_key);

  // A request goes out: what happens from here on, or still lasts now, may be what it ends in.
  uint64_t mark_request();
  // The reply to a request of that mark says "corrupt" and why.
  bool explains(ActorId actor, std::string_view text, uint64_t request_mark) const;

  // Why the actor can't serve, if it can't: a lost blob that, by its stored head and index, holds a
  // page of its database. The text says which page.
  std::optional<std::string> quarantine(ActorId actor, const Head& head) const;

 private:
  struct Damage {
    ActorId actor;
    std::string name;  // of the blob or row, as the engine calls it
    ParsedKey key;
    std::string lost_key;  // empty: a bent value, which lasts no longer than its read
    uint64_t number;       // of this damage, in the order of time
    uint64_t gone_since =
        0;  // lost: the first mark that found it restored, or cleared; 0: none yet
  };
  // A page of the database that lies in the blob; 0: none.
  uint32_t page_in(const ParsedKey& blob, const Head& head) const;

  const SimulatedStore& store_;
  std::vector<Damage> damages_;  // of the run; few
  uint64_t clock_ = 0;           // damages and marks so far
};

}  // namespace squall::sim
