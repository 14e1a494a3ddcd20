// The Runtime of one simulated process: virtual time, tasks of that process, keyed randomness, and checkpoints that
// ask the decisions.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <functional>
#include <memory>
#include <utility>

#include "engine/runtime.h"
#include "sim/core.h"

namespace squall::sim {

class ProcessRuntime : public Runtime {
 public:
  // crash(fault) carries out a crash decided at a checkpoint; it kills this process, so it doesn't come back into
  // C++-only tasks.
  ProcessRuntime(Core& core, Process& process, std::function<void(Fault)> crash)
      : core_(core), process_(process), crash_(std::move(crash)) {}

  int64_t now_us() override { return core_.scheduler.now_us(); }
  WaitStatus sleep_us(int64_t duration_us) override { return core_.scheduler.wait(duration_us); }
  void spawn(TaskLabel label, std::function<void()> body) override;
  std::unique_ptr<Signal> make_signal() override;
  uint64_t random() override { return core_.latency.draw(core_.scheduler.context()); }
  Result<void> at_checkpoint(Site site) override;
  void at_probe(Probe probe) override { core_.probes.hit(probe_id(probe)); }

 private:
  Core& core_;
  Process& process_;
  std::function<void(Fault)> crash_;
  // How often each (actor, txid) has set off a task of this process: the run in its entity.
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, uint16_t> spawned_;
};

}  // namespace squall::sim
