// What the witnesses share: one actor, links of one speed, one fault at one moment.
#pragma once

#include <string_view>

#include "scenarios/plan_builder.h"

namespace squall::scenarios {

// One actor, one node, one host; nothing is compacted unless the witness says so.
PlanBuilder witness_builder(std::string_view name, uint64_t seed);

// A table with a few rows and updates of them, compacted as soon as four deltas are there.
PlanBuilder busy_actor(std::string_view name, uint64_t seed, int64_t updates);

// The same actor, not compacted, on two hosts: it moves to the other one when the transaction
// begins.
PlanBuilder moved_actor(std::string_view name, uint64_t seed, int64_t updates,
                        uint32_t at_transaction);

// SQLite reads every page from the engine again and again.
void make_cold(sim::Knobs* knobs);

// For the witnesses that depend on which node a host connects to, or on which of two round trips is
// the shorter one: under this key of the nominal latencies, two hosts have a node each.
inline constexpr uint64_t kJitterKey = 0x561f7d5499892217;

// The nth time that the actor passes the site.
sim::Strike& add_strike(PlanBuilder* builder, sim::Fault fault, sim::SiteId site, uint32_t nth,
                        int64_t parameter_us);

// `count` autocommits that update row 1, 2, … of the rows that are there.
void add_updates(PlanBuilder* builder, int64_t count, int64_t rows);

}  // namespace squall::scenarios
