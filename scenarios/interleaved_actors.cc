// Five actors with 200 autocommits each, on two nodes: each sees its own database and nobody
// else's.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_interleaved_actors(uint64_t seed) {
  const Draw draw(seed);
  PlanBuilder builder("interleaved-actors", seed);
  builder.plan().knobs.nodes = 2;
  builder.plan().knobs.hosts = 3;
  builder.add_actors(5);
  for (ActorId actor = 1; actor <= 5; ++actor) {
    add_table(&builder, actor);
    for (int64_t id = 1; id <= 200; ++id) {
      const Draw row = draw.part("row", actor * 1000 + static_cast<uint64_t>(id));
      sim::Transaction& insert = builder.add(actor, {insert_row(&builder, row, id, 60)});
      insert.think_us = row.between("think", 0, 2'000);
    }
    builder.add(actor, {select_all(&builder)});
  }
  return builder.take();
}

}  // namespace squall::scenarios
