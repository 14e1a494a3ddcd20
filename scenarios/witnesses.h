// Witnesses of the planted defects: tiny scripted runs, without any probability in them, that fail
// with only that switch and hold without it. They are scenarios "witness-<defect>".
#pragma once

#include <vector>

#include "scenarios/scenario.h"

namespace squall::scenarios {

std::vector<Scenario> witness_scenarios();

}  // namespace squall::scenarios
