// All that the commands know of this build: its tables, its runner, its versions. Commands take
// everything from here, so that their tests can stand in scenarios that crash, hang or lie.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/defects.h"
#include "scenarios/scenario.h"
#include "sim/run.h"

namespace squall::commands {

using ScenarioRow = scenarios::Scenario;
using DefectRow = scenarios::DefectInfo;

struct NamedRow {
  std::string name;
  std::string description;
};

struct System {
  std::vector<ScenarioRow> scenarios;
  std::vector<DefectRow> defects;
  std::vector<NamedRow> invariants;
  std::vector<NamedRow> probes;
  std::function<sim::RunResult(const sim::Plan&, const sim::RunOptions&)> run;
  std::string executable;  // this program, for the commands that exec it again
  std::string build;
  std::string sqlite;
  // From so many swarm runs on, a fault, invariant or probe that never came up fails the sweep.
  uint64_t coverage_runs = 100'000;

  const ScenarioRow* find_scenario(std::string_view name) const;
  const DefectRow* find_defect(std::string_view name) const;  // by name or number
};

// Of this build, with one runner whose pools live as long as the System.
System make_system();

}  // namespace squall::commands
