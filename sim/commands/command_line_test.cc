#include "sim/commands/command_line.h"

#include <gtest/gtest.h>

#include <ctime>

#include <nlohmann/json.hpp>

#include "sim/capsule.h"
#include "sim/commands/exit_status.h"
#include "sim/commands/fake_system.h"

namespace squall::commands {
namespace {

class CommandLineTest : public testing::Test {
 protected:
  CommandEnd command(std::vector<const char*> arguments) {
    return run_command(system_, std::move(arguments));
  }

  ScratchFolder scratch_;
  System system_ = fake_system();
};

TEST_F(CommandLineTest, WrongArgumentsEndInOneLineAndStatusTwo) {
  const std::vector<std::vector<const char*>> wrong = {
      {"swep"},
      {"run"},
      {"run", "--seed"},
      {"run", "--seed", "x"},
      {"run", "--seed", "0"},
      {"run", "--seed", "1", "--scenario", "no-such"},
      {"run", "--seed", "1", "--defect", "no-such"},
      {"run", "--seed", "1", "extra"},
      {"run", "--seed", "1", "--no-such-option"},
      {"sweep", "--seeds", "5..4"},
      {"sweep", "--seeds", "1..2", "--time", "1s"},
      {"sweep", "--time", "10"},
      {"sweep", "--shard", "3/2", "--seeds", "1..2"},
      {"sweep", "--jobs", "0", "--seeds", "1..2"},
      {"sweep", "--jobs", "-1", "--seeds", "1..2"},
      {"sweep", "--scenario", "no-such"},
      {"sweep", "--seeds", ""},
      {"sweep", "--time", ""},
      {"sweep", "--seeds", "1..2", "--shard", ""},
      {"sweep", "--seeds", "1..2", "--out", ""},
      {"run", "--seed", "1", "--trace", ""},
      {"sweep", "--resume"},
      {"sweep", "--resume", "--out", "no-such-folder"},
      {"replay"},
      {"replay", "no-such-file"},
      {"catalogue", "no-such"},
      {"determinism"},
      {"determinism", "--seeds", "x"},
      {"score", "--max-seeds", "0"},
      {"score", "--first-seed", "0"},
  };
  for (const auto& arguments : wrong) {
    const CommandEnd end = command(arguments);
    const std::string shown = fmt::format("{}", fmt::join(arguments, " "));
    EXPECT_EQ(end.status, kExitUsage) << shown;
    EXPECT_EQ(count_lines(end.err), 1u) << shown << ": " << end.err;
    EXPECT_TRUE(end.err.starts_with("squall: ")) << shown << ": " << end.err;
    EXPECT_TRUE(end.out.empty()) << shown << ": " << end.out;
  }
}

TEST_F(CommandLineTest, EveryCommandHelpsWithAnExample) {
  const std::vector<std::vector<const char*>> names = {{"run"},
                                                       {"sweep"},
                                                       {"replay"},
                                                       {"catalogue"},
                                                       {"determinism"},
                                                       {"score"},
                                                       {"bench"},
                                                       {"ltx"},
                                                       {"ltx", "verify"},
                                                       {"ltx", "dump"},
                                                       {"ltx", "compact"},
                                                       {"ltx", "restore"},
                                                       {"ltx", "snapshot"}};
  for (const auto& name : names) {
    const std::string shown = fmt::format("{}", fmt::join(name, " "));
    std::vector<const char*> arguments = name;
    arguments.push_back("--help");
    const CommandEnd end = command(arguments);
    EXPECT_EQ(end.status, kExitHeld) << shown;
    EXPECT_NE(end.out.find(": ./squall " + shown), std::string::npos) << end.out;
    EXPECT_TRUE(end.err.empty()) << shown;
  }
  EXPECT_EQ(command({"--help"}).status, kExitHeld);
  EXPECT_NE(command({}).out.find("sweep"), std::string::npos);
}

TEST_F(CommandLineTest, VersionNamesTheBuildAndSqlite) {
  EXPECT_EQ(command({"--version"}).out, "squall test-build, SQLite 3.0.0\n");
}

TEST_F(CommandLineTest, ARunAsJsonHasEveryFieldOnOneLine) {
  const CommandEnd end = command({"run", "--seed", "1", "--json"});
  EXPECT_EQ(end.status, kExitHeld);
  EXPECT_EQ(count_lines(end.out), 1u);
  const auto json = nlohmann::json::parse(end.out);
  for (const char* field :
       {"scenario", "seed", "verdict", "invariant", "signature", "message", "capsule", "knobs",
        "events", "virtual_ms", "commits", "statements", "faults", "invariants", "probes", "hash",
        "cpu_ms", "build", "sqlite"}) {
    EXPECT_TRUE(json.contains(field)) << field;
  }
  EXPECT_EQ(json["verdict"], "held");
  EXPECT_EQ(json["hash"], "0000000000000007");
  EXPECT_EQ(json["knobs"].size(), sim::knob_table().size());
}

TEST_F(CommandLineTest, TheCpuOfARunIncludesItsPlan) {
  const auto inner = system_.scenarios[0].make_plan;
  system_.scenarios[0].make_plan = [inner](uint64_t seed) {
    const std::clock_t start = std::clock();
    while (std::clock() - start < CLOCKS_PER_SEC / 20) {
    }
    return inner(seed);
  };
  const CommandEnd end = command({"run", "--seed", "1", "--json"});
  EXPECT_GE(nlohmann::json::parse(end.out)["cpu_ms"], 50);
}

TEST_F(CommandLineTest, ARunsVerdictIsItsStatus) {
  EXPECT_EQ(command({"run", "--seed", "1"}).status, kExitHeld);
  EXPECT_EQ(command({"run", "--seed", "17"}).status, kExitViolated);
  EXPECT_EQ(command({"run", "--seed", "29"}).status, kExitFailed);
  EXPECT_EQ(command({"run", "--seed", "13"}).status, kExitFailed) << "an assertion";
  EXPECT_EQ(command({"run", "--seed", "19"}).status, kExitFailed) << "a signal";
}

TEST_F(CommandLineTest, EveryKindOfFailureWritesItsCapsuleAndSaysHowToSeeItAgain) {
  for (const char* seed : {"17", "29", "13", "19", "23"}) {
    const CommandEnd end = command({"run", "--seed", seed, "--defect", "13"});
    const std::string capsule =
        fmt::format("squall-out/swarm-{}-finalize-writes-no-index.json", seed);
    EXPECT_NE(end.out.find(capsule), std::string::npos) << end.out;
    EXPECT_TRUE(sim::read_capsule(capsule).has_value()) << seed;
    EXPECT_NE(end.out.find(fmt::format(
                  "./squall run --scenario swarm --seed {} --defect finalize-writes-no-index  "
                  "# build test-build, SQLite 3.0.0\n",
                  seed)),
              std::string::npos)
        << end.out;
  }
}

TEST_F(CommandLineTest, ATraceGoesIntoItsFile) {
  command({"run", "--seed", "3", "--trace", "t"});
  EXPECT_EQ(read_text("t"), "event of seed 3\n");
  const CommandEnd full = command({"run", "--seed", "3", "--trace", "/dev/full"});
  EXPECT_EQ(full.status, kExitFailed);
  EXPECT_EQ(count_lines(full.err), 1u) << full.err;
}

TEST_F(CommandLineTest, AFullDiskUnderTheResultsIsAFailureOfItsOwn) {
  FILE* full = std::fopen("/dev/full", "w");
  FILE* err = std::tmpfile();
  const char* arguments[] = {"squall", "run", "--seed", "1", "--json"};
  EXPECT_EQ(run_command_line(5, arguments, system_, full, err), kExitFailed);
  EXPECT_GT(std::ftell(err), 0);
  std::fclose(full);
  std::fclose(err);
}

TEST_F(CommandLineTest, ACapsuleThatCannotBeWrittenLeavesTheVerdict) {
  std::ofstream("squall-out") << "a file where the folder should be";
  const CommandEnd end = command({"run", "--seed", "17"});
  EXPECT_EQ(end.status, kExitViolated);
  EXPECT_NE(end.out.find("reproduce: ./squall run --scenario swarm --seed 17"), std::string::npos)
      << end.out;
  EXPECT_EQ(count_lines(end.err), 1u) << end.err;
  EXPECT_NE(end.err.find("squall-out"), std::string::npos) << end.err;
}

TEST_F(CommandLineTest, AReplaySaysWhetherTheCapsuleStillFails) {
  command({"run", "--seed", "17"});
  const CommandEnd same = command({"replay", "squall-out/swarm-17.json"});
  EXPECT_EQ(same.status, kExitViolated);
  EXPECT_NE(same.out.find("reproduced"), std::string::npos) << same.out;
  EXPECT_NE(same.out.find("reproduce: ./squall replay squall-out/swarm-17.json  #"),
            std::string::npos)
      << same.out;
  system_.run = [](const sim::Plan& plan, const sim::RunOptions&) {
    sim::RunResult held;
    held.scenario = plan.scenario;
    held.seed = plan.seed;
    return held;
  };
  const CommandEnd healed = command({"replay", "squall-out/swarm-17.json"});
  EXPECT_EQ(healed.status, kExitHeld);
  EXPECT_NE(healed.out.find("no longer fails"), std::string::npos) << healed.out;
}

TEST_F(CommandLineTest, ACapsuleCutShortIsUnreadable) {
  command({"run", "--seed", "17"});
  std::filesystem::resize_file("squall-out/swarm-17.json", 100);
  const CommandEnd end = command({"replay", "squall-out/swarm-17.json"});
  EXPECT_EQ(end.status, kExitUsage);
  EXPECT_EQ(count_lines(end.err), 1u) << end.err;
}

TEST_F(CommandLineTest, ACapsuleOfAnotherBuildsNamesIsSkippedByBisect) {
  command({"run", "--seed", "17"});
  std::string text = read_text("squall-out/swarm-17.json");
  const size_t at = text.find("\"swarm\"");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 7, "\"of-tomorrow\"");
  std::ofstream("squall-out/later.json") << text;
  const CommandEnd end = command({"replay", "squall-out/later.json"});
  EXPECT_EQ(end.status, kExitUnknownName);
  EXPECT_EQ(count_lines(end.err), 1u) << end.err;
}

TEST_F(CommandLineTest, TheCatalogueListsEveryTable) {
  const CommandEnd all = command({"catalogue"});
  for (const char* word :
       {"cold-start", "crash-node", "finalize-writes-no-index", "commit_attempts"}) {
    EXPECT_NE(all.out.find(word), std::string::npos) << word;
  }
  const CommandEnd faults = command({"catalogue", "faults", "--json"});
  EXPECT_EQ(count_lines(faults.out), sim::kFaultCount);
  EXPECT_EQ(nlohmann::json::parse(faults.out.substr(0, faults.out.find('\n')))["table"], "faults");
}

TEST_F(CommandLineTest, AScoreNamesTheFirstSeedThatFindsTheDefect) {
  const CommandEnd end = command({"score", "--first-seed", "14", "--jobs", "3", "--json"});
  EXPECT_EQ(end.status, kExitHeld) << end.err;
  const auto row = nlohmann::json::parse(end.out);
  EXPECT_EQ(row["defect"], "finalize-writes-no-index");
  EXPECT_EQ(row["number"], 13);
  EXPECT_EQ(row["found"], true);
  EXPECT_EQ(row["invariant"], "usage-exact");
  EXPECT_EQ(row["expected_invariant"], "usage-exact");
  EXPECT_EQ(row["seed"], 17);
  EXPECT_EQ(row["seeds_tried"], 4);
  std::vector<std::string> capsules;
  for (const auto& entry : std::filesystem::directory_iterator("squall-out/score")) {
    capsules.push_back(entry.path());
  }
  EXPECT_EQ(capsules, std::vector<std::string>{row["capsule"]});
}

TEST_F(CommandLineTest, AnInterruptedScoreSaysHowFarItCame) {
  const auto inner = system_.run;
  system_.run = [inner, parent = getpid()](const sim::Plan& plan, const sim::RunOptions& options) {
    if (plan.seed == 1005) kill(parent, SIGINT);
    return inner(plan, options);
  };
  const CommandEnd end = command({"score", "--first-seed", "1000", "--jobs", "1"});
  EXPECT_EQ(end.status, kExitInterrupted);
  EXPECT_NE(end.err.find("interrupted after 0 of 1 defects"), std::string::npos) << end.err;
}

TEST_F(CommandLineTest, ADefectThatIsNotFoundFailsTheScore) {
  const CommandEnd end = command({"score", "--first-seed", "1", "--max-seeds", "5"});
  EXPECT_EQ(end.status, kExitViolated);
  EXPECT_NE(end.out.find("NOT FOUND"), std::string::npos) << end.out;
}

}  // namespace
}  // namespace squall::commands
