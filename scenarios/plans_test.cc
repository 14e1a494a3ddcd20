// Every plan of every scenario is well formed, before anything runs.
#include <gtest/gtest.h>

#include <set>

#include "scenarios/scenario.h"
#include "sim/plan_json.h"

namespace squall::scenarios {
namespace {

using sim::Plan;

std::string as_text(const Plan& plan) { return plan_to_json(plan).dump(); }

class PlanTest : public testing::TestWithParam<std::string> {
 protected:
  Plan plan(uint64_t seed) const { return find_scenario(GetParam())->make_plan(seed); }
};

TEST_P(PlanTest, FollowsFromItsSeedAlone) {
  EXPECT_EQ(as_text(plan(7)), as_text(plan(7)));
  EXPECT_NE(as_text(plan(7)), as_text(plan(8)));
}

TEST_P(PlanTest, NamesItsScenarioAndSeed) {
  EXPECT_EQ(plan(7).scenario, GetParam());
  EXPECT_EQ(plan(7).seed, 7u);
}

// Reading checks knobs, ids, references and that each fault can strike where the plan says.
TEST_P(PlanTest, IsReadBackAsItWasWritten) {
  const sim::Json json = plan_to_json(plan(1));
  std::optional<sim::JsonProblem> problem;
  const Plan read = plan_from_json(sim::JsonReader(json, "", &problem));
  ASSERT_FALSE(problem.has_value()) << problem->message;
  EXPECT_EQ(as_text(read), json.dump());
}

TEST_P(PlanTest, EveryActorHasSomethingToDo) {
  for (const sim::ActorScript& script : plan(3).workload.actors) {
    ASSERT_FALSE(script.transactions.empty());
    for (const sim::Transaction& transaction : script.transactions) {
      EXPECT_FALSE(transaction.statements.empty());
    }
  }
}

TEST_P(PlanTest, WhatMayNotRunInATransactionDoesNot) {
  const Plan made = plan(5);
  for (const sim::ActorScript& script : made.workload.actors) {
    for (const sim::Transaction& transaction : script.transactions) {
      if (!transaction.explicit_transaction) continue;
      for (const sim::Statement& statement : transaction.statements) {
        EXPECT_FALSE(made.workload.sql[statement.sql].outside_transaction);
      }
    }
  }
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const Scenario& scenario : scenario_table()) names.push_back(scenario.name);
  return names;
}

std::string plan_test_name(const testing::TestParamInfo<std::string>& parameter) {
  std::string name = parameter.param;
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, PlanTest, testing::ValuesIn(all_names()), plan_test_name);

TEST(ScenarioTableTest, NamesAreUniqueAndFound) {
  std::set<std::string> names;
  for (const Scenario& scenario : scenario_table()) {
    names.insert(scenario.name);
    EXPECT_EQ(find_scenario(scenario.name), &scenario);
    EXPECT_FALSE(scenario.description.empty());
  }
  EXPECT_EQ(names.size(), scenario_table().size());
  EXPECT_EQ(find_scenario("swam"), nullptr);
}

TEST(ScenarioTableTest, OnlyTheLargestTheWitnessesAndTheBrokenStoreRunOnRequestOnly) {
  for (const Scenario& scenario : scenario_table()) {
    const bool large = scenario.name.find("100mb") != std::string::npos;
    const bool witness = scenario.name.starts_with("witness-");
    const bool broken = !scenario.must_violate.empty();
    EXPECT_EQ(scenario.in_default_checks, !large && !witness && !broken) << scenario.name;
  }
}

}  // namespace
}  // namespace squall::scenarios
