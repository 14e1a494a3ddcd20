#include "scenarios/witnesses.h"

namespace squall::scenarios {

std::vector<Scenario> witness_scenarios() { return {}; }

}  // namespace squall::scenarios
