// Transactions that lead one actor into what ordinary ones reach too rarely.
#include "scenarios/swarm.h"

namespace squall::scenarios {

namespace {

using Shrink = SwarmFeatures::Shrink;

// Beyond the keys that a script gives to its own rows.
constexpr int64_t kFirstId = 1'000'000;

sim::Statement insert_large(const Draw& draw, int64_t id, int64_t least, int64_t most,
                            PlanBuilder* builder) {
  const Draw row = draw.part("row", static_cast<uint64_t>(id));
  const auto size = static_cast<uint32_t>(row.between("size", least, most));
  return builder->statement(
      "INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)",
      {integer(kFirstId + id), text(14, row.bits("key") >> 32), integer(1'000), zeros(size)});
}

// The end of the database moves down inside a shard that is folded already, and of that shard
// nothing that stays is written.
void add_cut_inside_shard(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                          PlanBuilder* builder) {
  const int64_t folded_us = 2'000 * builder->plan().knobs.compact_idle_ms;
  builder->add_explicit(actor, {insert_large(draw, 1, 300'000, 400'000, builder)});
  builder->add_explicit(actor, {insert_large(draw, 2, 40'000, 80'000, builder)});
  builder->add(actor, {builder->statement("DELETE FROM t WHERE id=?", {integer(kFirstId + 2)})})
      .think_us = folded_us;
  if (features.shrink == Shrink::kIncrementalVacuum) {
    builder->add(actor,
                 {builder->statement("PRAGMA incremental_vacuum", {}, SqlFlags::kOutsideSkipTwin)});
  }
  builder->add(actor, {builder->statement("SELECT count(*),sum(n) FROM t")}).think_us = folded_us;
}

// The database grows in a commit whose first tries may land at any time; meanwhile its quota is
// cut, so that a later try is refused.
void add_growth_in_doubt(const Draw& draw, ActorId actor, PlanBuilder* builder) {
  sim::Strike strike;
  strike.actor = actor;
  strike.transaction = builder->add(actor, {insert_large(draw, 3, 16'000, 40'000, builder)}).id;
  strike.fault = sim::Fault::kQuotaCut;
  strike.site = sim::site_id(sim::WorldSite::kTransactionBegin);
  strike.parameter = draw.scaled("cut", 100'000, 2'000'000);
  builder->plan().strikes.push_back(strike);
  strike.fault = sim::Fault::kStoreLateLanding;
  strike.site = sim::site_id(sim::WorldSite::kStoreCommit);
  strike.parameter = draw.scaled("late", 100'000, 4'900'000);
  builder->plan().strikes.insert(builder->plan().strikes.end(), 4, strike);
}

}  // namespace

void draw_swarm_rarities(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                         PlanBuilder* builder) {
  const bool frees_pages =
      features.shrink == Shrink::kAutoVacuum || features.shrink == Shrink::kIncrementalVacuum;
  if (frees_pages && features.compaction && draw.percent("cut-inside-shard", 5)) {
    add_cut_inside_shard(draw.part("cut"), features, actor, builder);
  }
  if (draw.percent("growth-in-doubt", 2)) add_growth_in_doubt(draw.part("doubt"), actor, builder);
}

}  // namespace squall::scenarios
