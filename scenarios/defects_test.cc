// Each planted defect breaks its property in its witness, and nothing else does.
#include "scenarios/defects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "scenarios/scenario.h"
#include "sim/oracle/invariants.h"
#include "sim/run.h"
#include "sim/sanitizers.h"

namespace squall::scenarios {
namespace {

using sim::RunResult;
using sim::Verdict;

// More of them are for the optimized build.
constexpr uint64_t kLastSeed = sim::kAddressSanitizer ? 1 : 3;

class WitnessTest : public testing::TestWithParam<Defect> {
 protected:
  void SetUp() override { clear_planted(); }
  void TearDown() override { clear_planted(); }

  const DefectInfo& info() const {
    return *std::find_if(defect_table().begin(), defect_table().end(),
                         [](const DefectInfo& row) { return row.defect == GetParam(); });
  }
  RunResult run(uint64_t seed) const {
    sim::Runner runner;
    return runner.run(find_scenario(witness_name(info()))->make_plan(seed), {});
  }
};

TEST_P(WitnessTest, FailsByAnExpectedInvariantWithTheDefect) {
  set_planted(GetParam(), true);
  for (uint64_t seed = 1; seed <= kLastSeed; ++seed) {
    const RunResult result = run(seed);
    EXPECT_EQ(result.verdict, Verdict::kViolated) << "seed " << seed;
    const auto& expected = info().expected_invariants;
    EXPECT_NE(std::find(expected.begin(), expected.end(), result.invariant), expected.end())
        << "seed " << seed << ": " << result.signature << ": " << result.message;
  }
}

TEST_P(WitnessTest, HoldsWithoutIt) {
  for (uint64_t seed = 1; seed <= kLastSeed; ++seed) {
    const RunResult result = run(seed);
    EXPECT_EQ(result.verdict, Verdict::kHeld)
        << "seed " << seed << ": " << result.signature << ": " << result.message;
  }
}

std::vector<Defect> all_defects() {
  std::vector<Defect> defects;
  for (const DefectInfo& row : defect_table()) defects.push_back(row.defect);
  return defects;
}

INSTANTIATE_TEST_SUITE_P(All, WitnessTest, testing::ValuesIn(all_defects()),
                         [](const testing::TestParamInfo<Defect>& parameter) {
                           return "Defect" + std::to_string(static_cast<int>(parameter.param));
                         });

TEST(DefectTableTest, NamesNumbersAndSwitchesAgree) {
  std::set<std::string_view> names;
  for (const DefectInfo& row : defect_table()) {
    EXPECT_EQ(static_cast<uint32_t>(row.defect), row.number);
    EXPECT_EQ(find_defect(row.name), &row);
    EXPECT_EQ(find_defect(std::to_string(row.number)), &row);
    EXPECT_NE(find_scenario(witness_name(row)), nullptr) << row.name;
    names.insert(row.name);
  }
  EXPECT_EQ(names.size(), defect_table().size());
  EXPECT_EQ(find_defect("no-such-defect"), nullptr);
}

TEST(DefectTableTest, ExpectedInvariantsExist) {
  for (const DefectInfo& row : defect_table()) {
    const std::set<std::string_view> names(row.expected_invariants.begin(),
                                           row.expected_invariants.end());
    EXPECT_EQ(names.size(), row.expected_invariants.size()) << row.name << " names one twice";
    for (const std::string_view expected : row.expected_invariants) {
      const auto table = sim::invariant_table();
      EXPECT_TRUE(std::any_of(table.begin(), table.end(), [&](const auto& invariant) {
        return invariant.name == expected;
      })) << expected;
    }
  }
}

TEST(DefectTableTest, CapsulesOfAnotherBuildAreTold) {
  sim::Capsule capsule;
  capsule.plan.scenario = "swarm";
  capsule.defects = {"shrink-leaves-rows"};
  EXPECT_EQ(missing_from_build(capsule), "");
  capsule.defects.push_back("gravity");
  EXPECT_EQ(missing_from_build(capsule), "this build has no defect 'gravity'");
  capsule.plan.scenario = "swam";
  EXPECT_EQ(missing_from_build(capsule), "this build has no scenario 'swam'");
}

}  // namespace
}  // namespace squall::scenarios
