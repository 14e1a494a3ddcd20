// Two staged commits, a takeover while the first is under way, and a compaction over both.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_staged(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-staged", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 4, 100);
  add_staged_insert(&builder, 1, 100);
  add_canonical_updates(&builder, 1, 2, 4);
  add_staged_insert(&builder, 1, 101);
  add_canonical_updates(&builder, 1, 1, 4);
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 3, 2'000);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
