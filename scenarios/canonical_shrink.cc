// A database that is emptied, vacuumed and filled again, with a takeover between the two.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_shrink(uint64_t seed) {
  PlanBuilder builder = canonical_builder("canonical-shrink", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 12, 2'000);
  builder.add(1, {builder.statement("DELETE FROM t WHERE id>2")});
  builder.add_vacuum(1);
  add_canonical_updates(&builder, 1, 2, 2);
  builder.add(1, {insert_row(&builder, Draw(seed).part("regrow"), 50, 9'000)});
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 5, 0);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
