// Nothing is ever warm: tiny caches, one page preloaded, nodes and hosts that die, and reads all
// over a database of a few hundred pages.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

namespace {

void make_everything_cold(const Draw& draw, sim::Knobs* knobs) {
  knobs->page_cache_pages = 2;
  knobs->sqlite_cache_pages = 4;
  knobs->preload_bytes = 4 << 10;
  knobs->index_cache_actors = 1;
  knobs->blob_cache_bytes = 0;
  knobs->prefetch = draw.between("prefetch", 0, 1);
  knobs->compact_deltas = draw.between("deltas", 8, 40);
}

}  // namespace

sim::Plan make_cold_start(uint64_t seed) {
  using Kind = sim::ControlAction::Kind;
  const Draw draw(seed);
  PlanBuilder builder("cold-start", seed);
  make_everything_cold(draw.part("knobs"), &builder.plan().knobs);
  builder.add_actors(2);
  for (ActorId actor = 1; actor <= 2; ++actor) {
    add_table(&builder, actor);
    add_rows(&builder, actor, 150, 4'000);
    for (uint64_t i = 0; i < 30; ++i) {
      const Draw row = draw.part("row", actor * 1000 + i);
      builder.add(actor, {update_row(&builder, row, row.between("id", 1, 150))});
      builder.add(actor, {builder.statement(
                             "SELECT id,k,n,v FROM t WHERE id BETWEEN ? AND ?1+9 ORDER BY id",
                             {integer(row.between("from", 1, 141))})});
    }
    for (uint64_t i = 0; i < 4; ++i) {
      builder.add_control(draw.pick<Kind>("kind", {Kind::kRestart, Kind::kMove}, actor * 10 + i),
                          actor, static_cast<uint32_t>(draw.between("at", 3, 60, actor * 10 + i)),
                          0);
    }
    builder.add(actor, {select_all(&builder)});
  }
  builder.plan().rates_ppm[static_cast<size_t>(sim::Fault::kCrashNode)] = 300;
  return builder.take();
}

}  // namespace squall::scenarios
