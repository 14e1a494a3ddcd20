// A client that nobody should serve: knows an actor's generation and head, and asks engine nodes
// for what is malformed, stale or too large. Each request must be refused for what is wrong with
// it, and change nothing; what it changes all the same, the oracle takes for a commit that nobody
// asked for.
//
//   requests-checked  it is refused, with a code that fits; a page past the end is absent; a copy
//                     of the commit that landed last is answered as that was
#pragma once

#include <cstdint>
#include <functional>

#include "engine/head.h"
#include "sim/core.h"
#include "sim/engine_node.h"
#include "sim/oracle/oracle.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

// The answer to a rude request, made when this was the newest head; allowed_codes: one bit each.
void check_rude(Oracle& oracle, const HeadView& known, const Request& request,
                uint32_t allowed_codes, const Reply& reply);
// The answer to a request of the commit that landed as this head and is still the newest to have.
void check_landed_again(Oracle& oracle, const HeadView& landed, const Request& request,
                        const Reply& reply);

class RudeClient {
 public:
  // choose_node(draw): one that is up, or null. All outlive the client's last request.
  RudeClient(Core& core, const SimulatedStore& store, Oracle& oracle, PagePool& pages,
             std::function<EngineNode*(uint64_t draw)> choose_node)
      : core_(core), store_(store), oracle_(oracle), pages_(pages), choose_node_(choose_node) {}

  // As many requests as its knob says, now and then.
  void start() { next(1); }

 private:
  void next(int64_t number);
  void ask(int64_t number);
  void ask_again(ActorId actor, EngineNode& node, const Head& head, int64_t number);

  Core& core_;
  const SimulatedStore& store_;
  Oracle& oracle_;
  PagePool& pages_;
  std::function<EngineNode*(uint64_t)> choose_node_;
};

}  // namespace squall::sim
