#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/commands/exhaustive.h"
#include "sim/commands/exit_status.h"
#include "sim/commands/fake_system.h"
#include "sim/commands/fault_cells.h"

namespace squall::commands {
namespace {

using sim::Fault;

class ExhaustiveTest : public testing::Test {
 protected:
  CommandEnd sweep(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), {"sweep", "--exhaustive", "--out", "d"});
    return run_command(system_, std::move(arguments));
  }
  FaultCells cells(uint64_t most_pairs) {
    return FaultCells(system_.scenarios[0].make_plan(1), system_.run, most_pairs);
  }
  static size_t faults_at(Site site) {
    size_t count = 0;
    for (const sim::FaultInfo& row : sim::fault_table())
      count += applies(row.fault, sim::site_id(site)) ? 1 : 0;
    return count;
  }

  ScratchFolder scratch_;
  System system_ = fake_system();
};

TEST_F(ExhaustiveTest, EachFaultThatCanStrikeAtAPointIsACell) {
  const FaultCells made = cells(0);
  EXPECT_EQ(made.singles(), faults_at(Site::kCommitAfterEncode) + faults_at(Site::kVfsBeforeFetch));
  EXPECT_EQ(made.pairs(), 0u);
  const sim::Plan plan = made.plan(0);
  EXPECT_EQ(plan.mode, sim::PlanMode::kReplay);
  ASSERT_EQ(plan.perturbations.size(), 1u);
  EXPECT_EQ(plan.perturbations[0].site, sim::site_id(Site::kCommitAfterEncode));
}

TEST_F(ExhaustiveTest, PairsAreOfTwoPointsAndDrawnOnce) {
  const FaultCells made = cells(1000);
  EXPECT_EQ(made.pairs(), faults_at(Site::kCommitAfterEncode) * faults_at(Site::kVfsBeforeFetch));
  for (uint64_t cell = made.singles(); cell < made.size(); ++cell) {
    const sim::Plan plan = made.plan(cell);
    ASSERT_EQ(plan.perturbations.size(), 2u);
    EXPECT_NE(plan.perturbations[0].site, plan.perturbations[1].site);
  }
}

TEST_F(ExhaustiveTest, AFailingCellIsAViolationWithItsCapsule) {
  const CommandEnd end = sweep({"--scenario", "swarm"});
  EXPECT_EQ(end.status, kExitViolated) << end.err;
  EXPECT_NE(end.out.find("crash-host at vfs-before-fetch"), std::string::npos) << end.out;
  EXPECT_NE(end.out.find("./squall replay d/capsules/swarm-cell-"), std::string::npos) << end.out;
  EXPECT_NE(end.out.find("single faults and"), std::string::npos) << end.out;
  EXPECT_FALSE(std::filesystem::is_empty("d/capsules"));
}

TEST_F(ExhaustiveTest, PrintsCellsEnumeratedAndRunAsJson) {
  const CommandEnd end = sweep({"--json", "--jobs", "1"});
  const size_t last = end.out.rfind('\n', end.out.size() - 2) + 1;
  const auto summary = nlohmann::json::parse(end.out.substr(last));
  ASSERT_EQ(summary["cells"].size(), 1u) << "only the canonical one, unless named";
  EXPECT_EQ(summary["cells"][0]["scenario"], "cold-start");
  EXPECT_EQ(summary["cells"][0]["run"], summary["cells"][0]["singles"].get<uint64_t>() +
                                            summary["cells"][0]["pairs"].get<uint64_t>());
  EXPECT_EQ(summary["runs"], summary["cells"][0]["run"]);
  EXPECT_NE(end.out.find("\"cell\""), std::string::npos);
}

TEST_F(ExhaustiveTest, StopsAtTheBoundOfFailures) {
  const CommandEnd end = sweep({"--max-failures", "1", "--jobs", "1"});
  EXPECT_EQ(end.status, kExitViolated);
  EXPECT_NE(end.err.find("--max-failures"), std::string::npos) << end.err;
}

TEST_F(ExhaustiveTest, IsNotTakenForFinishedByResume) {
  sweep({"--max-failures", "1"});
  const CommandEnd end = run_command(system_, {"sweep", "--resume", "--out", "d"});
  EXPECT_EQ(end.status, kExitUsage);
  EXPECT_NE(end.err.find("can't be resumed"), std::string::npos) << end.err;
}

TEST_F(ExhaustiveTest, CapsulesThatCannotBeWrittenAreOneComplaint) {
  const auto inner = system_.run;
  system_.run = [inner](const sim::Plan& plan, const sim::RunOptions& options) {
    std::filesystem::remove_all("d/capsules");
    std::ofstream("d/capsules") << "a file where the folder was";
    return inner(plan, options);
  };
  const CommandEnd end = sweep({"--scenario", "swarm", "--jobs", "1"});
  EXPECT_EQ(end.status, kExitViolated);
  EXPECT_TRUE(end.err.starts_with("squall: no capsule: ")) << end.err;
  EXPECT_EQ(count_lines(end.err), 1u) << end.err;
}

TEST_F(ExhaustiveTest, GoesNotWithSeeds) {
  EXPECT_EQ(sweep({"--seeds", "1..2"}).status, kExitUsage);
}

}  // namespace
}  // namespace squall::commands
