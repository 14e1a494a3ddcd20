// Encounters: a few seeds arrange that things meet which meet too rarely by chance.
#include <algorithm>

#include "scenarios/swarm.h"

namespace squall::scenarios {

namespace {

using sim::ControlAction;
using sim::EntityKind;
using sim::Fault;
using sim::site_id;
using sim::Strike;
using sim::WorldSite;

ActorId draw_actor(const Draw& draw, const SwarmFeatures& features) {
  return static_cast<ActorId>(draw.between("actor", 1, static_cast<int64_t>(features.actors)));
}

// A compaction that reads an index which the node's own commits have left behind shows only where
// pages are fetched again and again, and then only in some passes: so many in a row.
void draw_stale_compactions(const Draw& draw, const SwarmFeatures& features, sim::Plan* plan) {
  if (!features.compaction || !draw.percent("on", features.cold_caches ? 40 : 4)) return;
  Strike strike;
  strike.fault = Fault::kStoreStaleVersion;
  strike.site = site_id(WorldSite::kStoreRead);
  strike.kind = EntityKind::kCompaction;
  strike.parameter = draw.scaled("lag", 1'000, 1'000'000);
  plan->strikes.insert(plan->strikes.end(), 24, strike);
}

// Compactions of one actor that fail one after the other, until they take their turn and beyond.
void draw_failing_compactions(const Draw& draw, const SwarmFeatures& features, sim::Plan* plan) {
  if (!features.compaction || !draw.percent("on", 6)) return;
  Strike strike;
  strike.fault = Fault::kFailStep;
  strike.site = site_id(Site::kCompactBeforeStoreCommit);
  strike.actor = draw_actor(draw, features);
  const auto count = static_cast<size_t>(draw.between("count", 3, 9));
  plan->strikes.insert(plan->strikes.end(), count, strike);
}

// Starts whose reads fail at first.
void draw_faulty_starts(const Draw& draw, sim::Plan* plan) {
  if (!draw.percent("on", 8)) return;
  for (uint64_t i = 0; i < 4; ++i) {
    Strike strike;
    strike.fault = Fault::kStoreTooOld;
    strike.site = site_id(WorldSite::kStoreRead);
    strike.kind = EntityKind::kStart;
    strike.nth = static_cast<uint32_t>(draw.between("nth", 1, 16, i));
    plan->strikes.push_back(strike);
  }
}

// Reads that stand still while the actor is compacted.
void draw_slow_reads(const Draw& draw, const SwarmFeatures& features, sim::Plan* plan) {
  if (!features.compaction || !features.cold_caches || !draw.percent("on", 20)) return;
  plan->knobs.index_cache_actors = 1;
  plan->knobs.compact_idle_ms = 100;
  for (uint64_t i = 0; i < 5; ++i) {
    Strike strike;
    strike.fault = Fault::kPause;
    strike.site = site_id(Site::kReadAfterIndex);
    strike.kind = EntityKind::kTransaction;
    strike.nth = static_cast<uint32_t>(draw.between("nth", 1, 80, i));
    strike.parameter = draw.scaled("pause", 150'000, 2'000'000, i);
    plan->strikes.push_back(strike);
  }
}

// Passes that take so long that the database shrinks under them.
void draw_slow_passes(const Draw& draw, const SwarmFeatures& features, sim::Plan* plan) {
  const bool shrinks = features.shrink != SwarmFeatures::Shrink::kNone;
  if (!features.compaction || !shrinks || !draw.percent("on", features.wide ? 50 : 10)) return;
  Strike strike;
  strike.fault = Fault::kPause;
  strike.site = site_id(Site::kCompactAfterFold);
  strike.kind = EntityKind::kCompaction;
  strike.actor = 1;
  strike.parameter = draw.scaled("pause", 50'000, 1'000'000);
  plan->strikes.insert(plan->strikes.end(), 24, strike);
}

// The transaction of the script that goes the staged way; 0: none.
uint32_t find_bulk(const sim::ActorScript& script) {
  const auto is_bulk = [](const sim::Transaction& transaction) {
    const auto& parameters = transaction.statements.front().parameters;
    return transaction.explicit_transaction && !parameters.empty() &&
           parameters.back().size_bytes > 64'000;
  };
  const auto bulk = std::find_if(script.transactions.begin(), script.transactions.end(), is_bulk);
  return bulk == script.transactions.end() ? 0 : bulk->id;
}

// An owner stands still at the site in the transaction while the actor moves; with `rival`, the new
// owner stands still as well before its own commit, and longer.
void add_paused_owner(const Draw& draw, ActorId actor, uint32_t transaction, Site site, bool rival,
                      PlanBuilder* builder) {
  Strike strike;
  strike.fault = Fault::kPause;
  strike.site = site_id(site);
  strike.actor = actor;
  strike.transaction = transaction;
  strike.parameter = draw.scaled("pause", 50'000, 2'000'000);
  builder->plan().strikes.push_back(strike);
  if (rival) {
    strike.site = site_id(Site::kVfsBeforeCommitRequest);
    strike.nth = site == Site::kVfsBeforeCommitRequest ? 1 : 2;
    strike.parameter *= 4;
    builder->plan().strikes.push_back(strike);
  }
  builder->add_control(ControlAction::Kind::kMove, actor, transaction,
                       draw.percent("at-once", 50) ? 0 : draw.scaled("delay", 100, 20'000));
}

void draw_paused_owners(const Draw& draw, const SwarmFeatures& features, PlanBuilder* builder) {
  if (!draw.percent("on", 10)) return;
  const ActorId actor = draw_actor(draw, features);
  const auto& script = builder->plan().workload.actors[actor - 1].transactions;
  const auto last = static_cast<int64_t>(script.size()) - 1;
  const auto transaction =
      draw.percent("first", 40) ? 1 : static_cast<uint32_t>(draw.between("at", 2, last));
  const Site site =
      draw.pick<Site>("site", {Site::kVfsBeforeCommitRequest, Site::kVfsBeforeCommitRequest,
                               Site::kCommitBeforeTransaction, Site::kCommitAfterHeadRead});
  add_paused_owner(draw, actor, transaction, site, draw.percent("rival", 30), builder);
}

// The same in the middle of a staged commit.
void draw_staged_rivals(const Draw& draw, const SwarmFeatures& features, PlanBuilder* builder) {
  if (!features.staged || !draw.percent("on", 25)) return;
  const ActorId actor = draw_actor(draw, features);
  const uint32_t bulk = find_bulk(builder->plan().workload.actors[actor - 1]);
  if (bulk == 0) return;
  const Site site =
      draw.pick<Site>("site", {Site::kVfsBeforeCommitRequest, Site::kVfsBeforeCommitRequest,
                               Site::kStageAfterStoreCommit, Site::kFinalizeAfterManifestRead});
  add_paused_owner(draw, actor, bulk, site, draw.percent("rival", 75), builder);
}

// Small rows that come back damaged where only clients' transactions read them: those of a stage,
// and the sizes of the shards that a shrink drops.
void draw_damaged_rows(const Draw& draw, const SwarmFeatures& features, PlanBuilder* builder) {
  const bool shrinks = features.shrink != SwarmFeatures::Shrink::kNone;
  if (!(features.staged || shrinks) || !draw.percent("on", 15)) return;
  Strike strike;
  strike.fault = draw.percent("misdirected", 25) ? Fault::kMisdirectedRead : Fault::kReadBitFlip;
  strike.site = site_id(WorldSite::kStoreRowRead);
  strike.kind = EntityKind::kTransaction;
  strike.parameter = static_cast<int64_t>(draw.bits("which") >> 32);
  if (features.staged) {
    strike.actor = draw_actor(draw, features);
    strike.transaction = find_bulk(builder->plan().workload.actors[strike.actor - 1]);
  } else if (features.wide) {
    strike.actor = 1;
  }
  strike.nth = static_cast<uint32_t>(draw.scaled("nth", 1, 20));
  builder->plan().strikes.push_back(strike);
}

}  // namespace

void draw_swarm_encounters(const Draw& draw, const SwarmFeatures& features, PlanBuilder* builder) {
  draw_stale_compactions(draw.part("stale-compactions"), features, &builder->plan());
  draw_failing_compactions(draw.part("failing-compactions"), features, &builder->plan());
  draw_faulty_starts(draw.part("faulty-starts"), &builder->plan());
  draw_slow_reads(draw.part("slow-reads"), features, &builder->plan());
  draw_slow_passes(draw.part("slow-passes"), features, &builder->plan());
  draw_damaged_rows(draw.part("damaged-rows"), features, builder);
  if (builder->plan().knobs.hosts < 2) return;
  draw_paused_owners(draw.part("paused-owners"), features, builder);
  draw_staged_rivals(draw.part("staged-rivals"), features, builder);
}

}  // namespace squall::scenarios
