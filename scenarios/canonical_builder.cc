#include "scenarios/canonical_builder.h"

#include <array>

namespace squall::scenarios {

namespace {

struct CanonicalRow {
  const char* name;
  const char* description;
  sim::Plan (*make_plan)(uint64_t seed);
};

constexpr std::array kCanonical = std::to_array<CanonicalRow>({
    {"canonical-commits", "autocommits over a move, a compaction and a staged commit",
     make_canonical_commits},
    {"canonical-staged", "two staged commits, a takeover during the first", make_canonical_staged},
    {"canonical-shrink", "a vacuum, a takeover, and growth again", make_canonical_shrink},
    {"canonical-takeovers", "three takeovers, a commit apart", make_canonical_takeovers},
    {"canonical-compaction", "two shards, one folded a pass, under commits and a takeover",
     make_canonical_compaction},
    {"canonical-fallback", "no batch-atomic writes: syncs commit", make_canonical_fallback},
    {"canonical-original", "batches until the cache spills, then a journal; a shrink",
     make_canonical_original},
    {"canonical-cold", "no cache worth its name, before and after a takeover", make_canonical_cold},
    {"canonical-pieces", "blobs cut into pieces, and fewer of them", make_canonical_pieces},
    {"canonical-neighbours", "two actors on one connection and one node, one of them moved",
     make_canonical_neighbours},
});

}  // namespace

PlanBuilder canonical_builder(std::string_view name, uint64_t seed) {
  PlanBuilder builder(name, seed);
  builder.add_actors(1);
  sim::Knobs& knobs = builder.plan().knobs;
  knobs.hosts = 2;
  knobs.nodes = 2;
  knobs.latency_spread = 1;
  knobs.network_latency_us = 200;
  knobs.store_latency_us = 500;
  knobs.restart_ms = 20;
  knobs.request_timeout_ms = 500;
  knobs.max_delta_bytes = 24 << 10;
  knobs.stage_chunk_bytes = 16 << 10;
  knobs.compact_deltas = 3;
  knobs.compact_takeover_deltas = 2;
  knobs.compact_idle_ms = 50;
  knobs.zombie_transactions = 1;
  return builder;
}

void add_canonical_updates(PlanBuilder* builder, ActorId actor, int64_t count, int64_t rows) {
  for (int64_t i = 0; i < count; ++i) {
    builder->add(actor, {builder->statement("UPDATE t SET n=n+1,k='k'||? WHERE id=?",
                                            {integer(i), integer(i % rows + 1)})});
  }
}

void add_staged_insert(PlanBuilder* builder, ActorId actor, int64_t id) {
  constexpr uint32_t kValueBytes = 40'000;
  builder->add(actor, {builder->statement(
                          "INSERT INTO t(id,k,n,v) VALUES(?,'large',0,?)",
                          {integer(id), random_bytes(kValueBytes, static_cast<uint64_t>(id))})});
}

std::vector<Scenario> canonical_scenarios() {
  std::vector<Scenario> scenarios;
  for (const CanonicalRow& row : kCanonical) {
    Scenario& scenario = scenarios.emplace_back();
    scenario.name = row.name;
    scenario.description = row.description;
    scenario.make_plan = row.make_plan;
    scenario.canonical = true;
  }
  return scenarios;
}

}  // namespace squall::scenarios
