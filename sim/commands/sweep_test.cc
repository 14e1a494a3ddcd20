#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "reports/run_record.h"
#include "sim/commands/exit_status.h"
#include "sim/commands/fake_system.h"
#include "sim/commands/result_log.h"

namespace squall::commands {
namespace {

class SweepTest : public testing::Test {
 protected:
  CommandEnd sweep(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "sweep");
    return run_command(system_, std::move(arguments));
  }

  static std::vector<reports::RunRecord> results(const std::string& folder) {
    std::vector<reports::RunRecord> records;
    std::ifstream file(folder + "/results.jsonl");
    for (std::string line; std::getline(file, line);) {
      auto record = reports::parse_run_record(line);
      EXPECT_TRUE(record.has_value()) << line;
      if (record) records.push_back(std::move(*record));
    }
    return records;
  }

  static nlohmann::json summary_of(const CommandEnd& end) {
    const size_t start = end.out.rfind('\n', end.out.size() - 2);
    return nlohmann::json::parse(end.out.substr(start == std::string::npos ? 0 : start + 1));
  }

  ScratchFolder scratch_;
  System system_ = fake_system();
};

TEST_F(SweepTest, RunsEverySeedOnceAndKeepsItsResult) {
  const CommandEnd end = sweep({"--seeds", "1..12", "--out", "d", "--jobs", "3"});
  EXPECT_EQ(end.status, kExitHeld) << end.err;
  std::set<uint64_t> seeds;
  for (const auto& record : results("d")) seeds.insert(record.result.seed);
  EXPECT_EQ(seeds.size(), 12u);
  EXPECT_EQ(results("d").size(), 12u);
  EXPECT_NE(end.out.find("12 runs: 12 held"), std::string::npos) << end.out;
}

TEST_F(SweepTest, RunsEveryNamedScenarioOnEachSeed) {
  sweep({"--seeds", "1..5", "--scenario", "swarm", "--scenario", "cold-start", "--out", "d"});
  std::set<std::pair<std::string, uint64_t>> runs;
  for (const auto& record : results("d")) runs.insert({record.result.scenario, record.result.seed});
  EXPECT_EQ(runs.size(), 10u);
}

TEST_F(SweepTest, AScenarioNamedTwiceRunsOnce) {
  sweep({"--seeds", "1..3", "--scenario", "swarm", "--scenario", "swarm", "--out", "d"});
  EXPECT_EQ(results("d").size(), 3u);
}

TEST_F(SweepTest, AViolationEndsInOneWithItsCapsuleAndReproduction) {
  const CommandEnd end = sweep({"--seeds", "14..18", "--out", "d"});
  EXPECT_EQ(end.status, kExitViolated);
  EXPECT_NE(
      end.out.find("./squall run --scenario swarm --seed 17  # build test-build, SQLite 3.0.0"),
      std::string::npos)
      << end.out;
  EXPECT_TRUE(std::filesystem::exists("d/capsules/swarm-17.json"));
}

TEST_F(SweepTest, FailuresOfOneSignatureAreOneFindingShownByTheShortest) {
  const CommandEnd end = sweep({"--seeds", "17..417", "--shard", "17/100", "--out", "d"});
  EXPECT_NE(end.out.find("seen:      5 times, this one is the shortest"), std::string::npos)
      << end.out;
  EXPECT_NE(end.out.find("--seed 17 "), std::string::npos);
  EXPECT_EQ(end.out.find("--seed 117 "), std::string::npos);
}

TEST_F(SweepTest, ACrashIsThatSeedsResultAndTheSweepGoesOn) {
  const CommandEnd end = sweep({"--seeds", "12..16", "--out", "d", "--jobs", "1"});
  EXPECT_EQ(end.status, kExitFailed);
  EXPECT_EQ(results("d").size(), 5u);
  EXPECT_NE(end.out.find("worker-crash@SIGABRT"), std::string::npos) << end.out;
  EXPECT_NE(end.out.find("assertion failed: seed != 13"), std::string::npos) << end.out;
  EXPECT_NE(end.out.find("--seed 13 "), std::string::npos) << end.out;
  EXPECT_TRUE(std::filesystem::exists("d/capsules/swarm-13.json"));
}

TEST_F(SweepTest, AViolationOutweighsEveryOtherFailure) {
  EXPECT_EQ(sweep({"--seeds", "13..29", "--out", "d"}).status, kExitViolated);
}

TEST_F(SweepTest, PrintsEachRunAndTheSummaryAsJson) {
  const CommandEnd end = sweep({"--seeds", "15..18", "--out", "d", "--json"});
  EXPECT_EQ(count_lines(end.out), 5u);
  const auto summary = summary_of(end);
  EXPECT_EQ(summary["summary"], true);
  EXPECT_EQ(summary["runs"], 4);
  EXPECT_EQ(summary["held"], 3);
  EXPECT_EQ(summary["violated"], 1);
  EXPECT_EQ(summary["errors"], 0);
  EXPECT_EQ(summary["first_seed"], 15);
  EXPECT_EQ(summary["last_seed"], 18);
  EXPECT_EQ(summary["faults"]["crash-node"], 2);
  for (const char* field : {"cpu_s", "wall_s", "seeds_per_core_minute", "invariants", "probes"}) {
    EXPECT_TRUE(summary.contains(field)) << field;
  }
}

TEST_F(SweepTest, AResumedSweepRunsOnlyWhatIsMissing) {
  sweep({"--seeds", "1..6", "--out", "d"});
  // As if the power had gone in the middle of a line.
  const std::string text = read_text("d/results.jsonl");
  std::filesystem::resize_file("d/results.jsonl", text.size() - 30);
  const CommandEnd end = sweep({"--out", "d", "--resume", "--json"});
  EXPECT_EQ(end.status, kExitHeld) << end.err;
  EXPECT_EQ(count_lines(end.out), 2u) << "one run and the summary";
  EXPECT_EQ(summary_of(end)["runs"], 6);
  EXPECT_EQ(results("d").size(), 6u);
}

TEST_F(SweepTest, ShardsAddUpInOneFolder) {
  sweep({"--seeds", "1..10", "--shard", "1/2", "--out", "d"});
  const CommandEnd end =
      sweep({"--seeds", "1..10", "--shard", "2/2", "--out", "d", "--resume", "--json"});
  EXPECT_EQ(summary_of(end)["runs"], 10);
  const CommandEnd whole = sweep({"--seeds", "1..10", "--out", "whole", "--json"});
  EXPECT_EQ(summary_of(end)["median_commits"], summary_of(whole)["median_commits"]);
}

TEST_F(SweepTest, DoesNotMixBuildsInOneFolder) {
  sweep({"--seeds", "1..2", "--out", "d"});
  system_.build = "another";
  const CommandEnd end = sweep({"--out", "d", "--resume"});
  EXPECT_EQ(end.status, kExitUsage);
  EXPECT_EQ(count_lines(end.err), 1u);
}

TEST_F(SweepTest, DoesNotOverwriteResults) {
  sweep({"--seeds", "1..2", "--out", "d"});
  EXPECT_EQ(sweep({"--seeds", "3..4", "--out", "d"}).status, kExitUsage);
  EXPECT_EQ(results("d").size(), 2u);
}

TEST_F(SweepTest, TwoSweepsDoNotShareAFolder) {
  const auto other = ResultLog::create("d", {.scenarios = {"swarm"},
                                             .first_seed = 1,
                                             .last_seed = 2,
                                             .time_s = std::nullopt,
                                             .shard = {},
                                             .exhaustive = false,
                                             .defects = {},
                                             .build = system_.build,
                                             .sqlite = system_.sqlite});
  ASSERT_TRUE(other.has_value());
  for (const char* how : {"--seeds=1..2", "--resume"}) {
    const CommandEnd end = sweep({"--out", "d", how});
    EXPECT_EQ(end.status, kExitUsage) << how;
    EXPECT_NE(end.err.find("another sweep is at work in d"), std::string::npos) << end.err;
    EXPECT_EQ(count_lines(end.err), 1u) << end.err;
  }
}

TEST_F(SweepTest, StopsAtTheBoundOfFailures) {
  const CommandEnd end = sweep({"--seeds", "17..100017", "--shard", "17/100", "--max-failures", "2",
                                "--jobs", "1", "--out", "d"});
  EXPECT_EQ(end.status, kExitViolated);
  EXPECT_LT(results("d").size(), 10u);
}

TEST_F(SweepTest, AnInterruptedSweepKeepsWhatItFound) {
  const auto inner = system_.run;
  const pid_t parent = getpid();
  system_.run = [inner, parent](const sim::Plan& plan, const sim::RunOptions& options) {
    if (plan.seed == 50) kill(parent, SIGINT);
    return inner(plan, options);
  };
  const CommandEnd end = sweep({"--seeds", "30..1000000", "--out", "d", "--jobs", "1"});
  EXPECT_EQ(end.status, kExitInterrupted);
  EXPECT_GE(results("d").size(), 10u);
  EXPECT_NE(end.err.find("--resume"), std::string::npos);
}

TEST_F(SweepTest, AFullDiskEndsTheSweepInOneLine) {
  std::filesystem::create_directories("d");
  std::filesystem::create_symlink("/dev/full", "d/results.jsonl");
  const CommandEnd end = sweep({"--seeds", "1..100000", "--out", "d"});
  EXPECT_EQ(end.status, kExitFailed);
  EXPECT_EQ(count_lines(end.err), 1u) << end.err;
  EXPECT_NE(end.err.find("No space left on device"), std::string::npos);
}

TEST_F(SweepTest, ALargeSwarmThatLeavesAFaultUntouchedFails) {
  const auto inner = system_.run;
  system_.run = [inner](const sim::Plan& plan, const sim::RunOptions& options) {
    sim::Plan harmless = plan;
    harmless.seed = 1;
    sim::RunResult result = inner(harmless, options);
    result.seed = plan.seed;
    return result;
  };
  const CommandEnd small = sweep({"--seeds", "1..999", "--out", "small"});
  EXPECT_EQ(small.status, kExitHeld);
  const CommandEnd large = sweep({"--seeds", "1..1000", "--out", "large"});
  EXPECT_EQ(large.status, kExitViolated);
  EXPECT_NE(large.err.find("fault pause never came up"), std::string::npos) << large.err;
}

TEST_F(SweepTest, ManyThingsThatNeverCameUpAreCountedNotListed) {
  for (int i = 0; i < 20; ++i) {
    system_.probes.push_back({fmt::format("probe-{}", i), ""});
  }
  const CommandEnd end = sweep({"--seeds", "2", "--out", "d"});
  EXPECT_NE(end.out.find("1 run: 1 held"), std::string::npos) << end.out;
  EXPECT_NE(end.out.find("never hit: 2 faults, 20 probes; --json names them\n"), std::string::npos)
      << end.out;
}

TEST_F(SweepTest, ATimedSweepBeginsAtASeedOfTheClock) {
  const CommandEnd end =
      sweep({"--time", "1s", "--jobs", "1", "--max-failures", "1", "--out", "d"});
  EXPECT_NE(end.out.find("1 s from seed "), std::string::npos) << end.out;
  EXPECT_GT(results("d").size(), 0u);
}

}  // namespace
}  // namespace squall::commands
