// Transactions that lead one actor into what ordinary ones reach too rarely.
#include <algorithm>

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

// The end of the database moves down inside a shard that is folded already, by ten pages and more
// or by one, and of that shard nothing that stays is written.
void add_cut_inside_shard(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                          bool of_one_page, PlanBuilder* builder) {
  const int64_t folded_us = 2'000 * builder->plan().knobs.compact_idle_ms;
  builder->add_explicit(actor, {insert_large(draw, 1, 300'000, 400'000, builder)});
  builder->add_explicit(actor, {of_one_page ? insert_large(draw, 2, 5'000, 8'000, builder)
                                            : insert_large(draw, 2, 40'000, 80'000, builder)});
  builder->add(actor, {builder->statement("DELETE FROM t WHERE id=?", {integer(kFirstId + 2)})})
      .think_us = folded_us;
  if (features.shrink == Shrink::kIncrementalVacuum) {
    builder->add(actor,
                 {builder->statement("PRAGMA incremental_vacuum", {}, SqlFlags::kOutsideSkipTwin)});
  }
  builder->add(actor, {builder->statement("SELECT count(*),sum(n) FROM t")}).think_us = folded_us;
}

// A VACUUM that writes more than the largest delta takes, and cuts off pages that no compaction has
// folded yet.
void add_staged_shrink(const Draw& draw, ActorId actor, PlanBuilder* builder) {
  builder->add_explicit(actor, {insert_large(draw, 5, 140'000, 200'000, builder)});
  builder->add_explicit(actor, {insert_large(draw, 6, 40'000, 80'000, builder)});
  builder->add(actor, {builder->statement("DELETE FROM t WHERE id=?", {integer(kFirstId + 6)})});
  builder->add_vacuum(actor);
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

// A commit that grows the database stands still with its node while the actor's quota is cut; its
// sender gives it up and asks another node, which refuses it. When there is room again the first
// node goes on, and the commit lands.
void add_growth_in_stopped_node(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                                PlanBuilder* builder) {
  sim::Knobs& knobs = builder->plan().knobs;
  const bool staged = features.staged && draw.percent("staged", 60);
  knobs.nodes = std::max<int64_t>(knobs.nodes, 2);
  knobs.commit_attempts = std::max<int64_t>(knobs.commit_attempts, 8);
  knobs.request_timeout_ms = std::min<int64_t>(knobs.request_timeout_ms, staged ? 10'000 : 2'000);
  const int64_t cut_us = 2'000 * knobs.request_timeout_ms + 1'000'000;
  const int64_t least = staged ? 135'000 : 16'000;
  sim::Strike strike;
  strike.actor = actor;
  strike.transaction =
      builder->add(actor, {insert_large(draw, 4, least, least + 20'000, builder)}).id;
  strike.fault = sim::Fault::kQuotaCut;
  strike.site = sim::site_id(sim::WorldSite::kTransactionBegin);
  strike.parameter = cut_us;
  builder->plan().strikes.push_back(strike);
  strike.fault = sim::Fault::kPauseNode;
  strike.site =
      sim::site_id(staged ? Site::kFinalizeAfterManifestRead : Site::kCommitBeforeTransaction);
  strike.parameter = cut_us + draw.scaled("longer", 300'000, 2'000'000);
  builder->plan().strikes.push_back(strike);
  builder->add(actor, {builder->statement("SELECT count(*),sum(n) FROM t")}).think_us =
      2 * strike.parameter;
}

}  // namespace

void draw_swarm_rarities(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                         PlanBuilder* builder) {
  const bool frees_pages =
      features.shrink == Shrink::kAutoVacuum || features.shrink == Shrink::kIncrementalVacuum;
  if (frees_pages && features.compaction && draw.percent("cut-inside-shard", 5)) {
    add_cut_inside_shard(draw.part("cut"), features, actor, false, builder);
  } else if (features.shrink == Shrink::kIncrementalVacuum && features.compaction &&
             draw.percent("cut-one-page", 12)) {
    add_cut_inside_shard(draw.part("cut"), features, actor, true, builder);
  }
  if (features.staged && draw.percent("staged-shrink", 6))
    add_staged_shrink(draw.part("staged-shrink"), actor, builder);
  if (draw.percent("growth-in-doubt", 2)) add_growth_in_doubt(draw.part("doubt"), actor, builder);
  if (actor == 1 && draw.percent("growth-in-stopped-node", features.staged ? 16 : 4))
    add_growth_in_stopped_node(draw.part("stopped"), features, actor, builder);
}

}  // namespace squall::scenarios
