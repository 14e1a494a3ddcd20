#include "sim/commands/system.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "build_info.h"
#include "sim/oracle/invariants.h"
#include "sim/probes.h"

namespace squall::commands {

const ScenarioRow* System::find_scenario(std::string_view name) const {
  const auto row =
      std::find_if(scenarios.begin(), scenarios.end(),
                   [&](const ScenarioRow& candidate) { return candidate.name == name; });
  return row == scenarios.end() ? nullptr : &*row;
}

const DefectRow* System::find_defect(std::string_view name) const {
  const auto row = std::find_if(defects.begin(), defects.end(), [&](const DefectRow& candidate) {
    return candidate.name == name || std::to_string(candidate.number) == name;
  });
  return row == defects.end() ? nullptr : &*row;
}

System make_system() {
  System system;
  const auto scenarios = scenarios::scenario_table();
  system.scenarios.assign(scenarios.begin(), scenarios.end());
  const auto defects = scenarios::defect_table();
  system.defects.assign(defects.begin(), defects.end());
  for (const sim::InvariantInfo& row : sim::invariant_table()) {
    system.invariants.push_back(
        {std::string(row.name),
         fmt::format("{} (not checked: {})", row.holds, row.does_not_check)});
  }
  for (const sim::ProbeInfo& row : sim::probe_table()) {
    system.probes.push_back({std::string(row.name), std::string(row.meaning)});
  }
  system.run = [runner = std::make_shared<sim::Runner>()](const sim::Plan& plan,
                                                          const sim::RunOptions& options) {
    return runner->run(plan, options);
  };
  system.executable = "/proc/self/exe";
  system.build = kBuild;
  system.sqlite = sqlite3_libversion();
  return system;
}

}  // namespace squall::commands
