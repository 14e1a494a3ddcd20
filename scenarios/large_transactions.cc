// One transaction of 1 to 50 MB, staged in chunks, with messages and store commits going wrong
// under it and a takeover near its end; then small commits and reads of what it wrote.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

namespace {

void add_faults(const Draw& draw, sim::Plan* plan) {
  const auto rate = [plan](sim::Fault fault) -> uint32_t& {
    return plan->rates_ppm[static_cast<size_t>(fault)];
  };
  rate(sim::Fault::kSlowMessage) = 2'000;
  rate(sim::Fault::kStoreConflict) = 2'000;
  rate(sim::Fault::kStoreUnknownLanded) = 1'000;
  rate(sim::Fault::kStoreUnknownLost) = 1'000;
  if (draw.percent("drops", 50)) {
    rate(sim::Fault::kLoseRequest) = 500;
    rate(sim::Fault::kLoseReply) = 20'000;
  }
}

}  // namespace

sim::Plan make_large_transactions(uint64_t seed) {
  const Draw draw(seed);
  PlanBuilder builder("large-transactions", seed);
  builder.add_actors(1);
  add_table(&builder, 1);
  const int64_t rows = draw.pick<int64_t>("rows", {256, 1'280, 2'560, 2'560, 12'800});
  add_rows(&builder, 1, rows, 4'096);
  builder.add(1, {update_row(&builder, draw.part("update"), rows / 2)});
  builder.add(1, {builder.statement("SELECT id,k,n,v FROM t WHERE id%97=0 ORDER BY id")});
  builder.add_explicit(
      1, {builder.statement("UPDATE t SET v=randomblob(4096) WHERE id<=?", {integer(rows / 4)})});
  builder.add(1, {builder.statement("SELECT count(*),sum(n),min(k),max(k) FROM t")});
  builder.add(1, {builder.statement("SELECT id,k,n,v FROM t WHERE id%89=0 ORDER BY id")});
  if (draw.percent("move", 50)) {
    builder.add_control(sim::ControlAction::Kind::kMove, 1, 5,
                        draw.scaled("move-delay", 1'000, 500'000));
  }
  add_faults(draw.part("faults"), &builder.plan());
  return builder.take();
}

}  // namespace squall::scenarios
