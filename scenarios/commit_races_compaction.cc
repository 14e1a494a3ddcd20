// Hot commits against a compaction that stands still at its every step, with a node that is slow to
// answer: heads only move forward and no page is lost between delta and shard.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

namespace {

void slow_compaction_down(const Draw& draw, sim::Plan* plan) {
  for (auto site = sim::site_id(Site::kCompactBeforeSnapshot);
       site <= sim::site_id(Site::kCompactAfterStoreCommit); ++site) {
    for (uint32_t nth = 1; nth <= 12; ++nth) {
      const uint64_t index = site * 100 + nth;
      if (!draw.percent("pause", 40, index)) continue;
      sim::Strike strike;
      strike.fault = sim::Fault::kPause;
      strike.site = site;
      strike.nth = nth;
      strike.parameter = draw.scaled("for", 500, 60'000, index);
      plan->strikes.push_back(strike);
    }
  }
}

}  // namespace

sim::Plan make_commit_races_compaction(uint64_t seed) {
  const Draw draw(seed);
  PlanBuilder builder("commit-races-compaction", seed);
  builder.plan().knobs.compact_deltas = draw.between("deltas", 3, 8);
  builder.plan().knobs.shards_per_pass = draw.between("shards", 1, 2);
  builder.plan().knobs.store_latency_us = 5'000;
  builder.plan().knobs.page_cache_pages = 4;
  builder.plan().knobs.sqlite_cache_pages = 10;
  builder.add_actors(2);
  for (ActorId actor = 1; actor <= 2; ++actor) {
    add_table(&builder, actor);
    add_rows(&builder, actor, 120, 700);
    for (uint64_t i = 0; i < 90; ++i) {
      const Draw row = draw.part("row", actor * 1000 + i);
      builder.add(actor, {update_row(&builder, row, row.between("id", 1, 120))});
      if (i % 30 == 29) builder.add(actor, {select_all(&builder)});
    }
  }
  slow_compaction_down(draw.part("pauses"), &builder.plan());
  return builder.take();
}

}  // namespace squall::scenarios
