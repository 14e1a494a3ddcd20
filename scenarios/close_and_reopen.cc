// Autocommits survive a close and a reopening by the same process, again and again, and a restart
// of the actor.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_close_and_reopen(uint64_t seed) {
  const Draw draw(seed);
  PlanBuilder builder("close-and-reopen", seed);
  builder.plan().knobs.compact_takeover_deltas = draw.pick<int64_t>("takeover-deltas", {4, 32});
  builder.add_actors(2);
  for (ActorId actor = 1; actor <= 2; ++actor) {
    add_table(&builder, actor);
    for (int64_t id = 1; id <= 60; ++id) {
      const Draw row = draw.part("row", actor * 1000 + static_cast<uint64_t>(id));
      sim::Transaction& insert = builder.add(actor, {insert_row(&builder, row, id, 200)});
      insert.close_before = id % 5 == 0;
      if (id % 20 == 0) builder.add(actor, {select_all(&builder)});
    }
  }
  builder.add_control(sim::ControlAction::Kind::kRestart, 2, 30, draw.between("delay", 0, 5'000));
  return builder.take();
}

}  // namespace squall::scenarios
