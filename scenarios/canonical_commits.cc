// Autocommits, one after the other, over a move, a compaction and one commit that is staged.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_commits(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-commits", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 8, 100);
  add_canonical_updates(&builder, 1, 4, 8);
  add_staged_insert(&builder, 1, 100);
  add_canonical_updates(&builder, 1, 2, 8);
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 5, 0);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
