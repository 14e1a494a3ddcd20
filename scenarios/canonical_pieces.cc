// Blobs that are cut into pieces, and become fewer.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_pieces(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-pieces", seed);
  builder.plan().knobs.inline_value_bytes = 2'000;
  builder.plan().knobs.value_piece_bytes = 1'500;
  add_table(&builder, 1);
  add_rows(&builder, 1, 6, 2'500);
  add_canonical_updates(&builder, 1, 2, 6);
  builder.add(1, {builder.statement("DELETE FROM t WHERE id>1")});
  builder.add_vacuum(1);
  add_canonical_updates(&builder, 1, 2, 1);
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 5, 0);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
