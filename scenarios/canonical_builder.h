// The canonical scenarios: a handful of commits, and among them a takeover, a compaction, and a
// shrink or a staged commit. Without a fault of their own and small, so that `sweep --exhaustive`
// runs each once per single fault.
#pragma once

#include <vector>

#include "scenarios/plan_builder.h"
#include "scenarios/scenario.h"

namespace squall::scenarios {

// One actor, two hosts, two nodes, short links, compaction from the third delta on.
PlanBuilder canonical_builder(std::string_view name, uint64_t seed);
// `count` autocommits that update row 1, 2, … of the rows that are there.
void add_canonical_updates(PlanBuilder* builder, ActorId actor, int64_t count, int64_t rows);
// A row of more pages than the largest delta.
void add_staged_insert(PlanBuilder* builder, ActorId actor, int64_t id);

sim::Plan make_canonical_commits(uint64_t seed);
sim::Plan make_canonical_staged(uint64_t seed);
sim::Plan make_canonical_shrink(uint64_t seed);
sim::Plan make_canonical_takeovers(uint64_t seed);
sim::Plan make_canonical_compaction(uint64_t seed);
sim::Plan make_canonical_fallback(uint64_t seed);
sim::Plan make_canonical_original(uint64_t seed);
sim::Plan make_canonical_cold(uint64_t seed);
sim::Plan make_canonical_pieces(uint64_t seed);
sim::Plan make_canonical_neighbours(uint64_t seed);

std::vector<Scenario> canonical_scenarios();

}  // namespace squall::scenarios
