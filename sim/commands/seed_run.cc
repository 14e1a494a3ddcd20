#include "sim/commands/seed_run.h"

#include <ctime>
#include <filesystem>

#include <fmt/format.h>

#include "engine/assert.h"
#include "engine/planted.h"
#include "sim/commands/child.h"
#include "sim/commands/worker_pool.h"

namespace squall::commands {
namespace {

double cpu_ms_now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

reports::RunRecord record_of(const System& system, const std::vector<std::string>& defects) {
  return {.result = {},
          .defects = defects,
          .capsule = {},
          .cell = {},
          .build = system.build,
          .sqlite = system.sqlite,
          .reproduced = {}};
}

// Empty, or what went wrong.
std::string write_to(const std::string& path, const sim::Capsule& capsule) {
  const std::string folder = std::filesystem::path(path).parent_path();
  if (const auto made = create_folder(folder); !made) return made.error();
  const auto written = sim::write_capsule(path, capsule);
  return written ? std::string() : written.error().message;
}

}  // namespace

void plant(const System& system, const std::vector<std::string>& defects) {
  clear_planted();
  for (const std::string& name : defects) {
    const DefectRow* row = system.find_defect(name);
    SQUALL_ASSERT(row != nullptr);
    set_planted(row->defect, true);
  }
}

SeedRunOutcome run_seed(const System& system, const SeedRun& run) {
  const double start_ms = cpu_ms_now();
  const sim::Plan plan = run.scenario->make_plan(run.seed);
  const double plan_ms = cpu_ms_now() - start_ms;
  SeedRunOutcome outcome = run_plan(system, run, plan);
  outcome.record.result.cpu_ms += plan_ms;
  return outcome;
}

SeedRunOutcome run_plan(const System& system, const SeedRun& run, const sim::Plan& plan) {
  SeedRunOutcome outcome{.record = record_of(system, run.defects), .output_error = {}};
  sim::RunResult& result = outcome.record.result;
  plant(system, run.defects);
  const double start_ms = cpu_ms_now();
  result = system.run(plan, run.options);
  result.cpu_ms = cpu_ms_now() - start_ms;
  scenarios::apply_budget(*run.scenario, &result);
  if (result.verdict == sim::Verdict::kHeld || run.capsule_path.empty()) return outcome;
  const auto capsule = sim::make_capsule(plan, result, run.defects, system.build, system.sqlite);
  outcome.output_error = write_to(run.capsule_path, capsule);
  if (outcome.output_error.empty()) outcome.record.capsule = run.capsule_path;
  return outcome;
}

SeedRunOutcome run_capsule(const System& system, const sim::Capsule& capsule,
                           const sim::RunOptions& options) {
  SeedRunOutcome outcome{.record = record_of(system, capsule.defects), .output_error = {}};
  plant(system, capsule.defects);
  const double start_ms = cpu_ms_now();
  outcome.record.result = system.run(capsule.plan, options);
  outcome.record.result.cpu_ms = cpu_ms_now() - start_ms;
  if (const ScenarioRow* scenario = system.find_scenario(capsule.plan.scenario)) {
    scenarios::apply_budget(*scenario, &outcome.record.result);
  }
  return outcome;
}

SeedRunOutcome lost_outcome(const System& system, const SeedRun& run, const Answer& answer) {
  SeedRunOutcome outcome{.record = record_of(system, run.defects), .output_error = {}};
  sim::RunResult& result = outcome.record.result;
  result.scenario = run.scenario->name;
  result.seed = run.seed;
  result.verdict = sim::Verdict::kError;
  result.signature =
      (answer.kind == Answer::Kind::kHung ? "watchdog@" : "worker-crash@") + answer.site;
  result.message = answer.text;
  result.cpu_ms = answer.cpu_s * 1000;
  if (run.capsule_path.empty()) return outcome;
  const ChildEnd end = run_in_child([&] {
    const sim::Capsule capsule{
        .build = system.build,
        .sqlite = system.sqlite,
        .defects = run.defects,
        .plan = run.scenario->make_plan(run.seed),
        .expected = {.invariant = {}, .signature = result.signature, .hash = 0}};
    return write_to(run.capsule_path, capsule);
  });
  if (!end.answered) {
    outcome.output_error = "making its plan fails as well";
  } else if (end.text.empty()) {
    outcome.record.capsule = run.capsule_path;
  } else {
    outcome.output_error = end.text;
  }
  return outcome;
}

std::string encode_outcome(const SeedRunOutcome& outcome) {
  return reports::to_json_line(outcome.record) + "\n" + outcome.output_error;
}

SeedRunOutcome decode_outcome(const std::string& text) {
  const size_t end = text.find('\n');
  auto record = reports::parse_run_record(std::string_view(text).substr(0, end));
  SQUALL_ASSERT(record.has_value());
  return {.record = std::move(*record), .output_error = text.substr(end + 1)};
}

std::string capsule_path(const std::string& folder, const ScenarioRow& scenario, uint64_t seed,
                         const std::vector<std::string>& defects) {
  std::string path = fmt::format("{}/{}-{}", folder, scenario.name, seed);
  for (const std::string& defect : defects) path += "-" + defect;
  return path + ".json";
}

tl::expected<void, std::string> create_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return tl::unexpected(fmt::format("can't create the folder {}: {}", path, error.message()));
  }
  return {};
}

}  // namespace squall::commands
