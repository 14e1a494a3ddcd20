// One actor, one commit after another, a read of everything in between: the head that each commit
// leaves is the one that the next builds on.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_autocommit_head_consistency(uint64_t seed) {
  const Draw draw(seed);
  PlanBuilder builder("autocommit-head-consistency", seed);
  builder.plan().knobs.compact_deltas = 16;
  builder.add_actors(1);
  add_table(&builder, 1);
  for (int64_t id = 1; id <= 150; ++id) {
    const Draw row = draw.part("row", static_cast<uint64_t>(id));
    builder.add(1, {insert_row(&builder, row, id, 100)});
    if (id % 25 == 0) builder.add(1, {select_all(&builder)});
  }
  return builder.take();
}

}  // namespace squall::scenarios
