// Nothing is warm: each page is fetched, from deltas and from shards, before and after a takeover.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_cold(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-cold", seed);
  sim::Knobs& knobs = builder.plan().knobs;
  knobs.page_cache_pages = 2;
  knobs.sqlite_cache_pages = 4;
  knobs.preload_bytes = 4 << 10;
  knobs.index_cache_actors = 1;
  knobs.blob_cache_bytes = 0;
  add_table(&builder, 1);
  add_rows(&builder, 1, 8, 1'500);
  add_canonical_updates(&builder, 1, 3, 8);
  add_staged_insert(&builder, 1, 100);
  builder.add(1, {select_all(&builder)});
  add_canonical_updates(&builder, 1, 1, 8);
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 6, 0);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
