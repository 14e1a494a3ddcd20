// Two actors on one host and one node: one stages and is moved, the other only commits.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_neighbours(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-neighbours", seed);
  builder.plan().knobs.nodes = 1;
  builder.add_actors(2);
  // The odd ones share a host.
  for (const ActorId actor : {1, 3}) {
    add_table(&builder, actor);
    add_rows(&builder, actor, 4, 100);
    add_canonical_updates(&builder, actor, 3, 4);
    if (actor == 1) add_staged_insert(&builder, actor, 100);
    builder.add(actor, {select_all(&builder)});
  }
  builder.add(2, {builder.statement("CREATE TABLE t(id INTEGER PRIMARY KEY)")});
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 5, 0);
  return builder.take();
}

}  // namespace squall::scenarios
