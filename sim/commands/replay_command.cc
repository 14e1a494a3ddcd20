// squall replay: a capsule again, and whether it still ends as it did.
#include <memory>

#include <CLI/CLI.hpp>

#include "sim/commands/command_context.h"
#include "sim/commands/single_run.h"

namespace squall::commands {
namespace {

struct ReplayArguments {
  std::string file;
  std::vector<std::string> defects;
  std::string trace;
  bool json = false;
};

// One that this build can run; else the status to leave with, after a complaint.
tl::expected<sim::Capsule, int> read_runnable(const std::string& path,
                                              const CommandContext& context) {
  auto capsule = sim::read_capsule(path);
  if (!capsule) {
    const bool other_build = capsule.error().kind == sim::CapsuleError::Kind::kUnknownName;
    context.console.complain(fmt::format("{}; {}", capsule.error().message,
                                         other_build ? "replay it with the build that wrote it"
                                                     : "name a capsule that squall wrote"));
    return tl::unexpected(other_build ? kExitUnknownName : kExitUsage);
  }
  if (const std::string missing = scenarios::missing_from_build(*capsule); !missing.empty()) {
    context.console.complain(fmt::format("{}; replay it with build {}", missing, capsule->build));
    return tl::unexpected(kExitUnknownName);
  }
  if (capsule->sqlite != context.system.sqlite) {
    context.console.complain(
        fmt::format("the capsule is of SQLite {}, this build has {}; it may go another way",
                    capsule->sqlite, context.system.sqlite));
  }
  return std::move(*capsule);
}

// Whether the run ended as its capsule says, as a clause.
std::string comparison(const sim::ExpectedEnd& expected, const reports::RunRecord& record) {
  const sim::RunResult& result = record.result;
  if (expected.signature.empty()) {
    return result.verdict == sim::Verdict::kHeld ? "held, as its capsule says"
                                                 : "its capsule says that it held";
  }
  if (result.verdict == sim::Verdict::kHeld)
    return "no longer fails; its capsule says " + expected.signature;
  if (result.signature != expected.signature)
    return "fails in another way; its capsule says " + expected.signature;
  return expected.hash == result.hash || expected.hash == 0
             ? "reproduced"
             : "reproduced, on another way (hash differs)";
}

int replay(const ReplayArguments& arguments, const CommandContext& context) {
  const auto extra_defects = resolve_defects(context, arguments.defects);
  if (!extra_defects) return kExitUsage;
  auto capsule = read_runnable(arguments.file, context);
  if (!capsule) return capsule.error();
  const ScenarioRow* scenario = context.system.find_scenario(capsule->plan.scenario);
  for (const std::string& defect : *extra_defects) {
    if (std::find(capsule->defects.begin(), capsule->defects.end(), defect) ==
        capsule->defects.end()) {
      capsule->defects.push_back(defect);
    }
  }
  const SingleRun single{.run = {.scenario = scenario,
                                 .seed = capsule->plan.seed,
                                 .defects = capsule->defects,
                                 .capsule_path = {},
                                 .options = {}},
                         .trace_path = arguments.trace,
                         .json = arguments.json,
                         .work =
                             [&](const sim::RunOptions& options) {
                               return run_capsule(context.system, *capsule, options);
                             },
                         .judge =
                             [&](reports::RunRecord& record) {
                               record.capsule = arguments.file;
                               record.reproduced =
                                   record.result.signature == capsule->expected.signature;
                             }};
  const SingleRunEnd end = run_single(context.system, context.console, single);
  if (end.record && !arguments.json) {
    context.console.print("  replay:    {}\n", comparison(capsule->expected, *end.record));
  }
  return end.status;
}

}  // namespace

void add_replay_command(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<ReplayArguments>();
  CLI::App* command = app.add_subcommand("replay", "Run a capsule again");
  command->add_option("file", arguments->file, "The capsule")->type_name("FILE")->required();
  add_defect_option(*command, arguments->defects);
  add_trace_option(*command, arguments->trace);
  command->add_flag("--json", arguments->json, "Print the result as one JSON object on one line");
  command->footer("Example: ./squall replay squall-out/swarm-17.json");
  command->callback([arguments, &context] { context.status = replay(*arguments, context); });
}

}  // namespace squall::commands
