#include "scenarios/witnesses.h"

#include <fmt/format.h>

#include "scenarios/defects.h"

namespace squall::scenarios {

std::vector<Scenario> witness_scenarios() {
  std::vector<Scenario> scenarios;
  for (const DefectInfo& defect : defect_table()) {
    Scenario& scenario = scenarios.emplace_back();
    scenario.name = witness_name(defect);
    scenario.description = fmt::format("fails only with defect {} planted", defect.number);
    scenario.make_plan = defect.make_witness;
    scenario.in_default_checks = false;
  }
  return scenarios;
}

}  // namespace squall::scenarios
