// Three takeovers, each of another kind, one commit apart; the old owner of the first is never
// told.
#include "scenarios/canonical_builder.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_canonical_takeovers(uint64_t seed) {
  using Kind = sim::ControlAction::Kind;
  PlanBuilder builder = canonical_builder("canonical-takeovers", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 8, 100);
  add_canonical_updates(&builder, 1, 4, 8);
  add_staged_insert(&builder, 1, 100);
  builder.add_control(Kind::kMove, 1, 3, 500);
  builder.add_control(Kind::kRenew, 1, 4, 500);
  builder.add_control(Kind::kMove, 1, 6, 0).stop_delay_us = 1'000;
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
