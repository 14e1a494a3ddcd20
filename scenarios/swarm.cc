#include "scenarios/swarm.h"

#include <array>

namespace squall::scenarios {

namespace {

size_t draw_actor_count(const Draw& draw) {
  // In percent; 3 and more in nine seeds of ten.
  constexpr std::array<std::pair<size_t, int64_t>, 6> kShares = {
      {{1, 4}, {2, 6}, {3, 52}, {4, 24}, {5, 10}, {8, 4}}};
  int64_t roll = draw.between("actors", 0, 99);
  for (const auto& [count, share] : kShares) {
    if (roll < share) return count;
    roll -= share;
  }
  return kShares.back().first;
}

SwarmFeatures::Shrink draw_shrink(const Draw& draw) {
  const int64_t roll = draw.between("shrink", 0, 99);
  if (roll < 16) return SwarmFeatures::Shrink::kVacuum;
  if (roll < 24) return SwarmFeatures::Shrink::kAutoVacuum;
  if (roll < 30) return SwarmFeatures::Shrink::kIncrementalVacuum;
  return SwarmFeatures::Shrink::kNone;
}

}  // namespace

SwarmFeatures draw_swarm_features(const Draw& draw) {
  SwarmFeatures features;
  features.actors = draw_actor_count(draw);
  const auto total = static_cast<size_t>(draw.between("transactions", 154, 192));
  features.transactions = total / features.actors;
  features.compaction = draw.percent("compaction", 80);
  features.staged = draw.percent("staged", 25);
  features.shrink = draw_shrink(draw);
  features.tight_quota = draw.percent("tight-quota", 10);
  features.cold_caches = draw.percent("cold-caches", 35);
  features.control = draw.percent("control", 50);
  features.impatient = draw.percent("impatient", 25);
  features.large_values = draw.percent("large-values", 30);
  features.index_churn = draw.percent("index-churn", 15);
  features.temp_tables = draw.percent("temp-tables", 15);
  features.savepoints = draw.percent("savepoints", 25);
  features.failing_statements = draw.percent("failing-statements", 30);
  features.rollbacks = draw.percent("rollbacks", 30);
  features.random_values = draw.percent("random-values", 30);
  features.operation_log = draw.percent("operation-log", 25);
  features.reopening = draw.percent("reopening", 25);
  features.walkaways = draw.percent("walkaways", 20);
  features.refused_pragmas = draw.percent("refused-pragmas", 25);
  features.holes = draw.percent("holes", 25);
  features.wide = !features.staged && draw.percent("wide", 10);
  if (features.wide && features.shrink == SwarmFeatures::Shrink::kNone)
    features.shrink = SwarmFeatures::Shrink::kVacuum;
  features.small_pieces = draw.percent("small-pieces", 12);
  if (features.small_pieces) features.compaction = features.cold_caches = true;
  return features;
}

sim::Plan make_swarm(uint64_t seed) {
  const Draw draw(sim::keyed_hash(seed, 0x5A12));
  PlanBuilder builder("swarm", seed);
  const SwarmFeatures features = draw_swarm_features(draw.part("features"));
  builder.plan().knobs = draw_swarm_knobs(draw.part("knobs"), features);
  builder.add_actors(features.actors);
  for (ActorId actor = 1; actor <= features.actors; ++actor) {
    draw_swarm_script(draw.part("script", actor), features, actor, &builder);
  }
  draw_swarm_control(draw.part("control"), features, &builder);
  draw_swarm_faults(draw.part("faults"), &builder.plan());
  draw_swarm_encounters(draw.part("encounters"), features, &builder);
  return builder.take();
}

}  // namespace squall::scenarios
