#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenarios/bench_workloads.h"
#include "scenarios/canonical_builder.h"
#include "scenarios/scenario.h"
#include "scenarios/small_scenarios.h"
#include "scenarios/swarm.h"
#include "scenarios/witnesses.h"

namespace squall::scenarios {

namespace {

std::vector<Scenario> make_scenarios() {
  std::vector<Scenario> table = {
      {"swarm", "everything drawn from the seed: features, knobs, faults, strikes and SQL",
       make_swarm},
      {"autocommit-head-consistency",
       "one autocommit after another: each builds on the head before it",
       make_autocommit_head_consistency},
      {"close-and-reopen", "commits survive closing, reopening and restarting",
       make_close_and_reopen},
      {"interleaved-actors", "five actors with 200 autocommits each, none sees another",
       make_interleaved_actors},
      {"large-transactions", "1 to 50 MB in one staged commit under store and network faults",
       make_large_transactions},
      {"commit-races-compaction", "hot commits against a compaction paused at its every step",
       make_commit_races_compaction},
      {"takeover-storm", "actors moved, restarted, renewed and started twice all the time",
       make_takeover_storm},
      {"shrink-and-regrow",
       "databases that shrink and grow again, with compactions and takeovers between",
       make_shrink_and_regrow},
      {"lost-replies", "requests and replies lost, store commits in doubt: each commit lands once",
       make_lost_replies},
      {"fence-errors-under-load",
       "connections drop under load, and every reconnect replays the start commands: nobody is "
       "fenced",
       make_fence_errors_under_load},
      {.name = "original-store",
       .description = "the store of the original: torn reads and symmetric conflicts; now and then "
                      "must end in store-values-verbatim (its other tenant sees rows of two "
                      "moments) and in page-images (the engine misses a blob that its index names)",
       .make_plan = make_original_store,
       .in_default_checks = false,
       .must_violate = {"store-values-verbatim", "page-images"}},
      {"cold-start", "nothing is ever warm: tiny caches, dying nodes, reads all over",
       make_cold_start},
  };
  for (Scenario& scenario : canonical_scenarios()) table.push_back(std::move(scenario));
  for (Scenario& scenario : bench_scenarios()) table.push_back(std::move(scenario));
  for (Scenario& scenario : witness_scenarios()) table.push_back(std::move(scenario));
  return table;
}

}  // namespace

std::span<const Scenario> scenario_table() {
  static const std::vector<Scenario> table = make_scenarios();
  return table;
}

const Scenario* find_scenario(std::string_view name) {
  for (const Scenario& scenario : scenario_table()) {
    if (scenario.name == name) return &scenario;
  }
  return nullptr;
}

void apply_budget(const Scenario& scenario, sim::RunResult* result) {
  if (scenario.check_budget == nullptr) return;
  if (result->verdict != sim::Verdict::kHeld) return;
  const std::vector<std::string> excesses = scenario.check_budget(*result);
  ++result->invariants["round-trip-budget"];
  if (excesses.empty()) return;
  result->verdict = sim::Verdict::kViolated;
  result->invariant = "round-trip-budget";
  result->signature = "round-trip-budget@workload";
  result->message = fmt::format("{}", fmt::join(excesses, "; "));
}

}  // namespace squall::scenarios
