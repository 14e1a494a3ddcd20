// Three actors that are moved, restarted and renewed all the time, with start commands replayed and
// hosts that never hear that they lost an actor.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_takeover_storm(uint64_t seed) {
  using Kind = sim::ControlAction::Kind;
  const Draw draw(seed);
  PlanBuilder builder("takeover-storm", seed);
  builder.plan().knobs.hosts = 4;
  builder.plan().knobs.nodes = draw.between("nodes", 1, 4);
  builder.plan().knobs.zombie_transactions = 6;
  builder.plan().knobs.compact_takeover_deltas = 4;
  builder.add_actors(3);
  for (ActorId actor = 1; actor <= 3; ++actor) {
    add_table(&builder, actor);
    for (uint32_t id = 1; id <= 40; ++id) {
      const uint64_t index = actor * 1000 + id;
      builder.add(actor, {insert_row(&builder, draw.part("row", index), id, 150)});
      if (!draw.percent("action", 40, index)) continue;
      const Kind kind =
          draw.pick<Kind>("kind", {Kind::kMove, Kind::kMove, Kind::kRestart, Kind::kRenew}, index);
      sim::ControlAction& action =
          builder.add_control(kind, actor, id + 1, draw.between("delay", 0, 8'000, index));
      if (draw.percent("told", 40, index))
        action.stop_delay_us = draw.scaled("told-after", 1'000, 500'000, index);
    }
    builder.add(actor, {select_all(&builder)});
  }
  std::array<uint32_t, sim::kFaultCount>& rates = builder.plan().rates_ppm;
  rates[static_cast<size_t>(sim::Fault::kReplayStart)] = 300'000;
  rates[static_cast<size_t>(sim::Fault::kReplayStop)] = 300'000;
  rates[static_cast<size_t>(sim::Fault::kConcurrentTakeover)] = 20'000;
  return builder.take();
}

}  // namespace squall::scenarios
