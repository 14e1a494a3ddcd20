// The Runtime of one simulated process: virtual time, tasks of that process, keyed randomness, and
// checkpoints that ask the decisions.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <functional>
#include <memory>
#include <utility>

#include "engine/runtime.h"
#include "sim/core.h"

namespace squall::sim {

// What of a host or a node outlives its processes.
struct Machine {
  int64_t clock_ahead_us = 0;  // of the world's
  int64_t wall_behind_us = 0;  // what its time of day has been set back since it started
  uint16_t starts = 0;         // so far: the run in the entity of the next one
  // How often each (actor, txid) has set off a task there: the run in its entity. Were it to begin
  // again with each process, a crash decided for a task would meet the same task after every
  // restart.
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, uint16_t> spawned;
};

// The machine starts: how far its clock is off is decided anew. kind: kHost or kNode.
void start_machine(Core& core, EntityKind kind, uint32_t index, Machine* machine);

class ProcessRuntime : public Runtime {
 public:
  // The time of day at which a run begins: late in 2023.
  static constexpr int64_t kWallStartUs = 1'700'000'000'000'000;

  // strike(perturbation) does to the machine what was decided at a checkpoint. A crash kills this
  // process, so it doesn't come back into C++-only tasks.
  ProcessRuntime(Core& core, Process& process, Machine& machine,
                 std::function<void(const Perturbation&)> strike)
      : core_(core), process_(process), machine_(machine), strike_(std::move(strike)) {}

  int64_t now_us() override { return core_.scheduler.now_us() + machine_.clock_ahead_us; }
  int64_t wall_us() override { return kWallStartUs + now_us() - machine_.wall_behind_us; }
  WaitStatus sleep_us(int64_t duration_us) override { return core_.scheduler.wait(duration_us); }
  void spawn(TaskLabel label, std::function<void()> body) override;
  std::unique_ptr<Signal> make_signal() override;
  uint64_t random() override { return core_.latency.draw(core_.scheduler.context()); }
  Result<void> at_checkpoint(Site site) override;
  void at_probe(Probe probe) override { core_.probes.hit(probe_id(probe)); }

 private:
  Core& core_;
  Process& process_;
  Machine& machine_;
  std::function<void(const Perturbation&)> strike_;
};

}  // namespace squall::sim
