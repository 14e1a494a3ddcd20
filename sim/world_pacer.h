// How long each step at the store takes in this world, and what goes wrong with it.
#pragma once

#include <functional>
#include <utility>

#include "sim/core.h"
#include "sim/store/pacer.h"

namespace squall::sim {

class WorldPacer : public StorePacer {
 public:
  // crash_caller(delay_us): the node that asks dies so much later.
  WorldPacer(Core& core, std::function<void(int64_t)> crash_caller)
      : core_(core), crash_caller_(std::move(crash_caller)) {}

  int64_t now_us() override { return core_.scheduler.now_us(); }
  void wait_us(int64_t duration_us) override { core_.scheduler.wait(duration_us); }
  void after(int64_t delay_us, std::function<void()> callback) override {
    core_.scheduler.after(delay_us, core_.scheduler.context().entity_hash(), std::move(callback));
  }
  ReadFate plan_read() override;
  CommitFate plan_commit() override;
  uint64_t random() override { return core_.latency.draw(core_.scheduler.context()); }
  uint64_t origin() override { return core_.scheduler.context().entity_hash(); }
  void at_probe(WorldProbe probe) override { core_.probes.hit(probe); }

 private:
  void trace(const Perturbation& perturbation);

  Core& core_;
  std::function<void(int64_t)> crash_caller_;
};

}  // namespace squall::sim
