// A device without batch-atomic writes: a journal, and syncs that commit.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_fallback(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-fallback", seed);
  builder.plan().knobs.vfs_profile = 2;
  builder.plan().knobs.sqlite_cache_pages = 4;
  add_table(&builder, 1);
  add_rows(&builder, 1, 8, 600);
  add_canonical_updates(&builder, 1, 3, 8);
  add_staged_insert(&builder, 1, 100);
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 4, 0);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
