// A scenario makes a plan from a seed: what the clients do, what the control plane does, what goes
// wrong and how the system is set. One row each in scenarios.cc; a new one appears in the catalogue
// and the sweep by itself.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/plan.h"
#include "sim/run_result.h"

namespace squall::scenarios {

struct Scenario {
  std::string name;
  std::string description;
  // The same seed gives the same plan, in any process.
  std::function<sim::Plan(uint64_t seed)> make_plan;
  // False: runs only when named (it is large, or a witness of a planted defect).
  bool in_default_checks = true;
  // Not empty: the scenario breaks what the system stands on. Over some seeds it ends in violations
  // of each of these.
  std::vector<std::string_view> must_violate = {};
  // Small enough to be run once per fault: `sweep --exhaustive`.
  bool canonical = false;
  // What the run spent beyond its budget of round trips, a line each. Null: no budget.
  std::vector<std::string> (*check_budget)(const sim::RunResult& result) = nullptr;
};

std::span<const Scenario> scenario_table();
// Null: no such scenario.
const Scenario* find_scenario(std::string_view name);

// Holds a run that held to its scenario's budget: beyond it, the result becomes a violation of
// "round-trip-budget". Call it on every result of Runner::run, replays included.
void apply_budget(const Scenario& scenario, sim::RunResult* result);

}  // namespace squall::scenarios
