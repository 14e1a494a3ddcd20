// The canonical scenarios hold what they promise to `sweep --exhaustive`.
#include <gtest/gtest.h>

#include "scenarios/canonical_builder.h"
#include "sim/run.h"

namespace squall::scenarios {
namespace {

TEST(CanonicalTest, ThereAreTenOfThem) { EXPECT_EQ(canonical_scenarios().size(), 10u); }

TEST(CanonicalTest, EachHasCommitsATakeoverACompactionAndAShrinkOrAStagedCommit) {
  for (const Scenario& scenario : canonical_scenarios()) {
    const sim::Plan plan = scenario.make_plan(1);
    EXPECT_FALSE(plan.workload.control.empty()) << scenario.name;
    EXPECT_TRUE(plan.strikes.empty()) << scenario.name;
    const sim::RunResult result = sim::Runner().run(plan, {});
    EXPECT_EQ(result.verdict, sim::Verdict::kHeld) << scenario.name << ": " << result.message;
    EXPECT_GE(result.commits, 5u) << scenario.name;
    EXPECT_GE(result.compactions, 1u) << scenario.name;
    EXPECT_GE(result.shrinks + result.staged_commits, 1u) << scenario.name;
    EXPECT_LT(result.cpu_ms, 500) << scenario.name;
  }
}

}  // namespace
}  // namespace squall::scenarios
