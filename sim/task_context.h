// What a task is about right now, and how often it has passed each site since: the causal place
// that keys every decision and every draw made on its behalf.
#pragma once

#include <array>
#include <cstdint>

#include "sim/entity.h"
#include "sim/faults.h"
#include "sim/keyed_hash.h"

namespace squall::sim {

class TaskContext {
 public:
  TaskContext() { set(Entity{}); }
  explicit TaskContext(const Entity& entity) { set(entity); }

  // The task turns to something else: all counts begin again.
  void set(const Entity& entity) {
    entity_ = entity;
    entity_hash_ = entity.hash();
    occurrences_.fill(0);
    draws_ = 0;
    struck_ = 0;
  }

  const Entity& entity() const { return entity_; }
  uint64_t entity_hash() const { return entity_hash_; }
  // How often this site was passed before; counts this time.
  uint32_t pass(SiteId site) { return occurrences_[site]++; }
  uint32_t passed(SiteId site) const { return occurrences_[site]; }
  // Something went wrong here.
  void note_struck() { ++struck_; }
  uint64_t struck() const { return struck_; }
  // A draw of this task under a key; each call gives another.
  uint64_t draw(uint64_t key) { return keyed_hash(key, entity_hash_, ++draws_); }

 private:
  Entity entity_;
  uint64_t entity_hash_ = 0;
  uint64_t draws_ = 0;
  uint64_t struck_ = 0;
  std::array<uint16_t, kWorldSiteCount> occurrences_;
};

}  // namespace squall::sim
