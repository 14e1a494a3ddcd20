// How long each step at the store takes in this world, and what goes wrong with it.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "sim/core.h"
#include "sim/store/pacer.h"
#include "sim/store_links.h"

namespace squall::sim {

class StorageFaults;

class WorldPacer : public StorePacer {
 public:
  // strike_caller(perturbation, delay_us): does it to the node that asks, so much later.
  using StrikeCaller = std::function<void(const Perturbation&, int64_t)>;
  // The number of the node that asks; none: it is the store's other tenant.
  using CallingNode = std::function<std::optional<uint32_t>()>;
  WorldPacer(Core& core, StrikeCaller strike_caller, CallingNode calling_node)
      : core_(core),
        strike_caller_(std::move(strike_caller)),
        calling_node_(std::move(calling_node)),
        links_(core.plan.knobs.nodes) {}

  // From now on it sees the values that reads return.
  void show_values_to(StorageFaults* storage) { storage_ = storage; }

  // The paths between nodes and store are whole again.
  void mend_links();

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
  bool watches_values() const override { return storage_ != nullptr; }
  void see_values(std::span<const std::string_view> keys,
                  std::span<std::optional<SharedBytes>> values) override;

 private:
  // What half of the other tenant's transactions do falls on the ticks of a clock: so commits meet
  // in one batch, and reads come between them.
  int64_t to_next_tick_us(int64_t delay_us) const;
  // Cuts the path of the node that asks, if it is one.
  void cut_link(const Perturbation& fault);
  template <typename Fate>
  void hold_up(Fate* fate);

  Core& core_;
  StrikeCaller strike_caller_;
  CallingNode calling_node_;
  StoreLinks links_;
  bool any_cut_ = false;
  StorageFaults* storage_ = nullptr;
};

}  // namespace squall::sim
