// For tests: a system whose runs end as their seed says, and the command line over it with its
// output caught.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/commands/command_line.h"

namespace squall::commands {

inline constexpr uint64_t kViolatedSeed = 17;  // and every seed above it that ends in 17
inline constexpr uint64_t kAbortingSeed = 13;  // an assertion
inline constexpr uint64_t kCrashingSeed = 19;  // a signal
inline constexpr uint64_t kExitingSeed = 23;
inline constexpr uint64_t kErrorSeed = 29;  // the run's own watchdog

inline sim::RunResult fake_run(const sim::Plan& plan, const sim::RunOptions& options) {
  sim::RunResult result;
  result.scenario = plan.scenario;
  result.seed = plan.seed;
  result.events = 1000 + plan.seed;
  result.commits = plan.seed;
  result.committing_actors = 3;
  result.faults = {{"crash-node", plan.seed % 2}, {"pause", 0}};
  result.invariants = {{"usage-exact", 5}};
  result.hash = plan.seed * 7;
  if (options.points != nullptr) {
    for (const Site site : {Site::kCommitAfterEncode, Site::kVfsBeforeFetch}) {
      options.points->push_back(
          {.fault = {}, .site = sim::site_id(site), .entity = {}, .occurrence = 0, .parameter = 0});
    }
  }
  for (const sim::Perturbation& row : plan.perturbations) {
    if (row.fault != sim::Fault::kCrashHost) continue;
    result.verdict = sim::Verdict::kViolated;
    result.invariant = "usage-exact";
    result.signature = "usage-exact@commit";
  }
  if (options.trace) options.trace(fmt::format("event of seed {}", plan.seed));
  switch (plan.seed % 100) {
    case kViolatedSeed:
      result.verdict = sim::Verdict::kViolated;
      result.invariant = "usage-exact";
      result.signature = "usage-exact@commit";
      result.message = "usage is 1, the rows come to 2";
      break;
    case kAbortingSeed: std::fputs("squall: assertion failed: seed != 13\n", stderr); std::abort();
    case kCrashingSeed: std::raise(SIGSEGV); break;
    case kExitingSeed: std::_Exit(7);
    case kErrorSeed:
      result.verdict = sim::Verdict::kError;
      result.signature = "watchdog@events";
      result.message = "50000000 events and no end";
      break;
    default: break;
  }
  return result;
}

inline System fake_system() {
  System system;
  for (const char* name : {"swarm", "cold-start"}) {
    scenarios::Scenario& scenario = system.scenarios.emplace_back();
    scenario.name = name;
    scenario.description = "a fake";
    scenario.canonical = scenario.name == "cold-start";
    scenario.make_plan = [name](uint64_t seed) {
      sim::Plan plan;
      plan.scenario = name;
      plan.seed = seed;
      return plan;
    };
  }
  system.defects.push_back({.defect = Defect::kFinalizeWritesNoIndex,
                            .number = 13,
                            .name = "finalize-writes-no-index",
                            .description = "a staged commit is readable",
                            .expected_invariants = {"usage-exact"},
                            .make_witness = nullptr});
  system.run = fake_run;
  system.build = "test-build";
  system.sqlite = "3.0.0";
  system.coverage_runs = 1000;
  return system;
}

struct CommandEnd {
  int status = 0;
  std::string out;
  std::string err;
};

inline CommandEnd run_command(const System& system, std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "squall");
  CommandEnd end;
  char* texts[2] = {};
  size_t sizes[2] = {};
  FILE* out = open_memstream(&texts[0], &sizes[0]);
  FILE* err = open_memstream(&texts[1], &sizes[1]);
  end.status =
      run_command_line(static_cast<int>(arguments.size()), arguments.data(), system, out, err);
  std::fclose(out);
  std::fclose(err);
  end.out.assign(texts[0], sizes[0]);
  end.err.assign(texts[1], sizes[1]);
  std::free(texts[0]);
  std::free(texts[1]);
  return end;
}

// A folder that is gone when the object is, and the working folder meanwhile.
class ScratchFolder {
 public:
  ScratchFolder() : before_(std::filesystem::current_path()) {
    char path[] = "/tmp/squall-test-XXXXXX";
    path_ = mkdtemp(path);
    std::filesystem::current_path(path_);
  }
  ~ScratchFolder() {
    std::filesystem::current_path(before_);
    std::filesystem::remove_all(path_);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

 private:
  std::filesystem::path before_;
  std::filesystem::path path_;
};

inline std::string read_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

inline size_t count_lines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace squall::commands
