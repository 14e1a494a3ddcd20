// Two shards, one folded a pass, while commits and a takeover go on.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_compaction(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-compaction", seed);
  builder.plan().knobs.shards_per_pass = 1;
  builder.plan().knobs.compact_deltas = 2;
  builder.plan().knobs.max_delta_bytes = 128 << 10;
  add_table(&builder, 1);
  add_rows(&builder, 1, 70, 3'900);
  add_canonical_updates(&builder, 1, 5, 70);
  builder.add_control(sim::ControlAction::Kind::kRenew, 1, 5, 0);
  builder.add(1, {builder.statement("SELECT count(*),sum(n) FROM t")});
  return builder.take();
}

}  // namespace squall::scenarios
