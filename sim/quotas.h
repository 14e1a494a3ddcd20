// The operator's hand on the actors' quotas: asks an engine node to set one, and again until one
// has said that it is set, since nodes die and stores fail.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "sim/core.h"
#include "sim/engine_node.h"

namespace squall::sim {

class Quotas {
 public:
  // choose_node(draw): one that is up, or null.
  Quotas(Core& core, std::function<EngineNode*(uint64_t draw)> choose_node)
      : core_(core), choose_node_(std::move(choose_node)) {}

  // The newest wish for an actor is what counts.
  void set(ActorId actor, int64_t bytes);
  bool was_ever_set(ActorId actor) const { return wishes_.contains(actor); }

 private:
  struct Wish {
    int64_t bytes = 0;
    uint64_t number = 0;  // 1, 2, 3…: of the actor's wishes
    bool confirmed = false;
  };
  void push(ActorId actor, uint64_t number);
  void confirm(ActorId actor, uint64_t number);

  Core& core_;
  std::function<EngineNode*(uint64_t)> choose_node_;
  std::map<ActorId, Wish> wishes_;
};

}  // namespace squall::sim
