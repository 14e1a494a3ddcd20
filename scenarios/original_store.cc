// The store layer of the original in the place of FoundationDB: a transaction has no snapshot, so
// what it reads may be torn, and what others have read is in the way of who writes it. The engine
// relies on snapshots: a read whose index is of one moment and whose blobs are of another finds a
// delta gone that a compaction has folded meanwhile. The store's other tenant sees rows of two
// moments side by side. A conflict that there was not by FoundationDB's rules is no violation: any
// commit may be refused so, and is tried again. Never part of swarm.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

namespace {

// Readers stand still between the index and the blobs, while compactions go on.
void pause_readers(const Draw& draw, sim::Plan* plan) {
  for (uint32_t nth = 1; nth <= 400; ++nth) {
    sim::Strike strike;
    strike.fault = sim::Fault::kPause;
    strike.site = sim::site_id(Site::kReadAfterIndex);
    strike.nth = 1;
    strike.parameter = draw.scaled("for", 5'000, 200'000, nth);
    plan->strikes.push_back(strike);
  }
}

}  // namespace

sim::Plan make_original_store(uint64_t seed) {
  using Kind = sim::ControlAction::Kind;
  const Draw draw(seed);
  PlanBuilder builder("original-store", seed);
  sim::Knobs& knobs = builder.plan().knobs;
  knobs.store_profile = 1;
  knobs.hosts = knobs.nodes = 2;
  if (draw.percent("tenant", 50)) knobs.tenant_transactions = 40;
  knobs.page_cache_pages = 2;
  knobs.sqlite_cache_pages = 4;
  knobs.preload_bytes = 4 << 10;
  knobs.index_cache_actors = 1;
  knobs.compact_deltas = draw.pick<int64_t>("deltas", {4, 64, 64});
  knobs.compact_idle_ms = draw.between("idle", 50, 400);
  builder.add_actors(4);
  for (ActorId actor = 1; actor <= 4; ++actor) {
    add_table(&builder, actor);
    add_rows(&builder, actor, 120, 700);
    for (uint64_t i = 0; i < 60; ++i) {
      const Draw row = draw.part("row", actor * 1000 + i);
      builder.add(actor, {update_row(&builder, row, row.between("id", 1, 120))});
      if (i % 10 == 9) builder.add(actor, {select_all(&builder)});
      // The node that an actor left goes on compacting it beside the one that serves it.
      if (i % 6 == 5) builder.add_control(Kind::kMove, actor, static_cast<uint32_t>(i), 0);
    }
    builder.add(actor, {select_all(&builder)});
  }
  pause_readers(draw.part("pauses"), &builder.plan());
  return builder.take();
}

}  // namespace squall::scenarios
