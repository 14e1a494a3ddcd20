// Databases that shrink and grow again, by VACUUM and by auto_vacuum, with compactions and
// takeovers in between: what was cut off is gone, its bytes are credited, and it never comes back.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

namespace {

void add_cycle(PlanBuilder* builder, const Draw& draw, ActorId actor, bool vacuum) {
  std::vector<sim::Statement> growth;
  const int64_t rows = draw.between("rows", 20, 90);
  for (int64_t id = 1; id <= rows; ++id) {
    const Draw row = draw.part("row", static_cast<uint64_t>(id));
    growth.push_back(
        insert_row(builder, row, id, static_cast<uint32_t>(row.scaled("size", 200, 9'000))));
  }
  builder->add_explicit(actor, std::move(growth)).close_before = draw.percent("close", 20);
  for (uint64_t i = 0; i < 6; ++i) {
    builder->add(actor,
                 {update_row(builder, draw.part("update", i), draw.between("id", 1, rows, i))});
  }
  if (draw.percent("all", 50)) {
    builder->add(actor, {builder->statement("DELETE FROM t")});
  } else {
    builder->add(actor, {builder->statement("DELETE FROM t WHERE id>=0 AND id%8<>0")});
  }
  if (vacuum) builder->add_vacuum(actor);
  builder->add(actor, {select_all(builder)});
  builder->add(actor, {builder->statement("DELETE FROM t")});
}

}  // namespace

sim::Plan make_shrink_and_regrow(uint64_t seed) {
  const Draw draw(seed);
  PlanBuilder builder("shrink-and-regrow", seed);
  builder.plan().knobs.compact_deltas = draw.between("deltas", 4, 16);
  builder.plan().knobs.page_cache_pages = 16;
  builder.add_actors(2);
  for (ActorId actor = 1; actor <= 2; ++actor) {
    const Draw own = draw.part("actor", actor);
    const bool vacuum = actor == 1;
    if (!vacuum) {
      builder.add(actor,
                  {builder.statement("PRAGMA auto_vacuum=FULL", {}, SqlFlags::kOutsideSkipTwin)});
    }
    add_table(&builder, actor);
    for (uint64_t cycle = 0; cycle < 4; ++cycle) {
      add_cycle(&builder, own.part("cycle", cycle), actor, vacuum);
    }
    builder.add_control(sim::ControlAction::Kind::kRenew, actor,
                        static_cast<uint32_t>(own.between("renew", 3, 40)), 2'000);
  }
  return builder.take();
}

}  // namespace squall::scenarios
