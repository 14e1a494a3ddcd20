// The original's profile: batches until the cache spills, then a journal; and a shrink.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_original(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-original", seed);
  builder.plan().knobs.vfs_profile = 1;
  builder.plan().knobs.sqlite_cache_pages = 4;
  add_table(&builder, 1);
  add_rows(&builder, 1, 12, 1'000);
  add_canonical_updates(&builder, 1, 3, 12);
  builder.add(1, {builder.statement("DELETE FROM t WHERE id>4")});
  builder.add_vacuum(1);
  add_canonical_updates(&builder, 1, 1, 4);
  builder.add_control(sim::ControlAction::Kind::kRestart, 1, 5, 0);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
