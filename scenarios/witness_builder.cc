#include "scenarios/witness_builder.h"

#include "scenarios/sql.h"

namespace squall::scenarios {

PlanBuilder witness_builder(std::string_view name, uint64_t seed) {
  PlanBuilder builder(name, seed);
  builder.add_actors(1);
  sim::Knobs& knobs = builder.plan().knobs;
  knobs.hosts = 1;
  knobs.latency_spread = 1;
  knobs.prefetch = 0;
  knobs.compact_deltas = 100'000;
  knobs.compact_takeover_deltas = 100'000;
  knobs.compact_idle_ms = 3'600'000;
  return builder;
}

PlanBuilder busy_actor(std::string_view name, uint64_t seed, int64_t updates) {
  PlanBuilder builder = witness_builder(name, seed);
  builder.plan().knobs.compact_deltas = 4;
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, updates, 20);
  return builder;
}

PlanBuilder moved_actor(std::string_view name, uint64_t seed, int64_t updates,
                        uint32_t at_transaction) {
  PlanBuilder builder = witness_builder(name, seed);
  builder.plan().knobs.hosts = 2;
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, updates, 20);
  builder.add_control(sim::ControlAction::Kind::kMove, 1, at_transaction, 0);
  return builder;
}

void make_cold(sim::Knobs* knobs) {
  knobs->page_cache_pages = 2;
  knobs->sqlite_cache_pages = 4;
  knobs->preload_bytes = 4 << 10;
}

sim::Strike& add_strike(PlanBuilder* builder, sim::Fault fault, sim::SiteId site, uint32_t nth,
                        int64_t parameter_us) {
  sim::Strike& strike = builder->plan().strikes.emplace_back();
  strike.fault = fault;
  strike.site = site;
  strike.actor = 1;
  strike.nth = nth;
  strike.parameter = parameter_us;
  return strike;
}

void add_updates(PlanBuilder* builder, int64_t count, int64_t rows) {
  for (int64_t i = 0; i < count; ++i) {
    builder->add(1, {builder->statement("UPDATE t SET n=n+1,k='k'||? WHERE id=?",
                                        {integer(i), integer(i % rows + 1)})});
  }
}

}  // namespace squall::scenarios
