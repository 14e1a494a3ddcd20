// What the witnesses share: one actor, links of one speed, one fault at one moment.
#pragma once

#include <string_view>

#include "scenarios/plan_builder.h"

namespace squall::scenarios {

// One actor, one node, one host; nothing is compacted unless the witness says so.
PlanBuilder witness_builder(std::string_view name, uint64_t seed);

// The nth time that the actor passes the site.
sim::Strike& add_strike(PlanBuilder* builder, sim::Fault fault, sim::SiteId site, uint32_t nth,
                        int64_t parameter_us);

// `count` autocommits that update row 1, 2, … of the rows that are there.
void add_updates(PlanBuilder* builder, int64_t count, int64_t rows);

}  // namespace squall::scenarios
