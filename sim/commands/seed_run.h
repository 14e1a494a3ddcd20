// One run, as every command makes it: defects planted, the scenario's budget checked, the capsule
// of a failure written, the CPU of the whole (plan included) measured. It stays in this process:
// call it in a worker.
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "reports/run_record.h"
#include "sim/capsule.h"
#include "sim/commands/system.h"

namespace squall::commands {

struct Answer;

struct SeedRun {
  const ScenarioRow* scenario = nullptr;
  uint64_t seed = 0;
  std::vector<std::string> defects;
  std::string capsule_path;  // where the capsule of a failure goes; empty: nowhere
  sim::RunOptions options;
};

struct SeedRunOutcome {
  reports::RunRecord record;
  std::string output_error;  // what could not be written, as one clause; empty: nothing
};

SeedRunOutcome run_seed(const System& system, const SeedRun& run);
// The same with a plan that is at hand, whose making is not measured.
SeedRunOutcome run_plan(const System& system, const SeedRun& run, const sim::Plan& plan);
// Before anything runs in this process: these switches and no others.
void plant(const System& system, const std::vector<std::string>& defects);
// A capsule's plan instead; nothing is written.
SeedRunOutcome run_capsule(const System& system, const sim::Capsule& capsule,
                           const sim::RunOptions& options);

// Of a run that ended its worker: verdict error, signature "worker-crash@SIGSEGV" or
// "watchdog@cpu". Its capsule holds the plan, which generates its faults anew; a child writes it,
// since the plan may be what kills.
SeedRunOutcome lost_outcome(const System& system, const SeedRun& run, const Answer& answer);

// Outcomes cross from a worker to its parent as text.
std::string encode_outcome(const SeedRunOutcome& outcome);
SeedRunOutcome decode_outcome(const std::string& text);

// "DIR/swarm-17.json", with defects "DIR/swarm-17-some-defect.json".
std::string capsule_path(const std::string& folder, const ScenarioRow& scenario, uint64_t seed,
                         const std::vector<std::string>& defects);
// Creates the folder and those above it. The error is one clause.
tl::expected<void, std::string> create_folder(const std::string& path);

}  // namespace squall::commands
