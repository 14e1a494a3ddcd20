// The product's own bench workloads as scenarios "bench-…": one actor (five in bench-concurrent),
// no faults. One row each, in one table; three have a budget of round trips.
#pragma once

#include <vector>

#include "scenarios/scenario.h"

namespace squall::scenarios {

std::vector<Scenario> bench_scenarios();

}  // namespace squall::scenarios
