// Scenarios hold: the whole system, with everything that each scenario has going wrong.
#include <gtest/gtest.h>

#include <map>

#include "engine/planted.h"
#include "scenarios/scenario.h"
#include "sim/run.h"

namespace squall::scenarios {
namespace {

using sim::RunResult;
using sim::Verdict;

RunResult run(const Scenario& scenario, uint64_t seed) {
  sim::Runner runner;
  RunResult result = runner.run(scenario.make_plan(seed), {});
  apply_budget(scenario, &result);
  return result;
}

class DefaultScenarioTest : public testing::TestWithParam<std::string> {
  void SetUp() override { clear_planted(); }
};

TEST_P(DefaultScenarioTest, HoldsForAFewSeeds) {
  const Scenario& scenario = *find_scenario(GetParam());
  const uint64_t seeds = scenario.name.starts_with("bench-") ? 1 : 4;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    const RunResult result = run(scenario, seed);
    EXPECT_EQ(result.verdict, Verdict::kHeld)
        << scenario.name << " seed " << seed << ": " << result.signature << ": " << result.message;
    EXPECT_GT(result.commits, 0u);
  }
}

std::vector<std::string> default_names() {
  std::vector<std::string> names;
  for (const Scenario& scenario : scenario_table()) {
    if (scenario.in_default_checks) names.push_back(scenario.name);
  }
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& parameter) {
  std::string name = parameter.param;
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, DefaultScenarioTest, testing::ValuesIn(default_names()), test_name);

// As `squall bench` does.
TEST(InterleavedActors, RunWithoutOracles) {
  sim::Plan plan = find_scenario("interleaved-actors")->make_plan(1);
  plan.knobs.oracle = 0;
  const RunResult result = sim::Runner().run(plan, {});
  EXPECT_EQ(result.verdict, Verdict::kHeld) << result.signature << ": " << result.message;
  EXPECT_GT(result.commits, 0u);
}

// The original's open question, answered: the message names the command that came again, the
// generation that moved and the session that is fenced.
TEST(FenceErrorsUnderLoad, TellTheirStoryWithTheDefectPlanted) {
  const Scenario& scenario = *find_scenario("fence-errors-under-load");
  set_planted(Defect::kReplayedStartTakesOver, true);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const RunResult result = run(scenario, seed);
    EXPECT_EQ(result.signature, "legal-fences-only@replayed-takeover") << result.message;
    for (const char* part :
         {"the generation went from", "Start command 1 was replayed after a reconnect",
          "it reached host", "took the replay for a takeover", "is fenced by its own command"}) {
      EXPECT_NE(result.message.find(part), std::string::npos) << result.message;
    }
  }
  clear_planted();
}

TEST(OriginalStore, EndsInWhatItsRowLists) {
  const Scenario& scenario = *find_scenario("original-store");
  std::map<std::string, int> violated;
  for (uint64_t seed = 1; seed <= 20; ++seed) ++violated[run(scenario, seed).invariant];
  for (const std::string_view invariant : scenario.must_violate) {
    EXPECT_GT(violated[std::string(invariant)], 0) << invariant;
  }
}

TEST(BudgetTest, AFetchOrACommitTooManyIsAViolation) {
  const Scenario& scenario = *find_scenario("bench-large-tx-1mb");
  RunResult result;
  result.scenario = scenario.name;
  result.commits = 2;
  apply_budget(scenario, &result);
  EXPECT_EQ(result.verdict, Verdict::kHeld);

  RunResult fetching = result;
  fetching.page_fetches = 1;
  apply_budget(scenario, &fetching);
  EXPECT_EQ(fetching.verdict, Verdict::kViolated);
  EXPECT_EQ(fetching.invariant, "round-trip-budget");
  EXPECT_EQ(fetching.message, "1 page fetches instead of none");

  RunResult committing = result;
  committing.commits = 3;
  apply_budget(scenario, &committing);
  EXPECT_EQ(committing.message, "3 engine commits instead of 2");
}

TEST(BudgetTest, AViolationOfTheRunIsNotCoveredUp) {
  RunResult result;
  result.scenario = "bench-large-tx-1mb";
  result.verdict = Verdict::kViolated;
  result.invariant = "page-images";
  apply_budget(*find_scenario(result.scenario), &result);
  EXPECT_EQ(result.invariant, "page-images");
}

}  // namespace
}  // namespace squall::scenarios
