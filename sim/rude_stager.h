// A client that stages what nobody will finish: it knows an actor's owner, opens a stage under a
// commit id of its own, sends chunks again and others in their place, and asks for a finalize that
// can't be. It also puts requests of its own into stages that sessions have open, under their
// commit's id: a chunk more, another chunk, a begin, a finalize of half of it. Whatever a session
// commits over that must be what it sent.
//
//   requests-checked  while nobody else touches its stage, each request is answered as the stage
//                     is: what was acknowledged is there, what was replaced is gone
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/head.h"
#include "engine/rows.h"
#include "sim/core.h"
#include "sim/engine_node.h"
#include "sim/oracle/oracle.h"
#include "sim/store/simulated_store.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

// The answer to a request about a stage that nobody else has touched since it was opened. done:
// success is right; codes: and so are these errors, one bit each.
void check_staging(Oracle& oracle, const Request& request, bool done, uint32_t codes,
                   const Reply& reply);

class RudeStager final : public StoreObserver {
 public:
  // choose_node(draw): one that is up, or null. All outlive its last request.
  RudeStager(Core& core, const SimulatedStore& store, Oracle& oracle,
             std::function<EngineNode*(uint64_t draw)> choose_node)
      : core_(core), store_(store), oracle_(oracle), choose_node_(choose_node) {}

  void start();

  void on_applied(const AppliedCommit& commit) override;

 private:
  struct Step;
  struct Staging;

  std::vector<Step> make_steps(const Head& head, const CommitId& id, uint64_t salt) const;
  void begin(uint64_t number);
  void go_on(const std::shared_ptr<Staging>& staging);
  void stage_changed(ActorId actor, const StoreRow& row);
  void join(ActorId actor, const StageRow& stage, uint64_t number);

  Core& core_;
  const SimulatedStore& store_;
  Oracle& oracle_;
  std::function<EngineNode*(uint64_t)> choose_node_;
  std::array<std::shared_ptr<Staging>, 2> stagings_;
  uint64_t stages_seen_ = 0;  // writes of a session's stage row
  uint64_t joined_ = 0;
};

}  // namespace squall::sim
