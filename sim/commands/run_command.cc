// squall run: one seed of one scenario.
#include <memory>

#include <CLI/CLI.hpp>

#include "sim/commands/arguments.h"
#include "sim/commands/command_context.h"
#include "sim/commands/single_run.h"

namespace squall::commands {
namespace {

constexpr const char* kCapsuleFolder = "squall-out";

struct RunArguments {
  std::string scenario = "swarm";
  std::string seed;
  std::vector<std::string> defects;
  std::string trace;
  bool json = false;
};

int run(const RunArguments& arguments, const CommandContext& context) {
  const ScenarioRow* scenario = resolve_scenario(context, arguments.scenario);
  if (scenario == nullptr) return kExitUsage;
  const auto seed = parse_seed(arguments.seed);
  if (!seed)
    return context.usage_error(fmt::format("--seed: {}; name one such as --seed 17", seed.error()));
  const auto defects = resolve_defects(context, arguments.defects);
  if (!defects) return kExitUsage;

  SingleRun single{.run = {.scenario = scenario,
                           .seed = *seed,
                           .defects = *defects,
                           .capsule_path = capsule_path(kCapsuleFolder, *scenario, *seed, *defects),
                           .options = {}},
                   .trace_path = arguments.trace,
                   .json = arguments.json,
                   .work = nullptr,
                   .judge = nullptr};
  single.work = [&](const sim::RunOptions& options) {
    SeedRun seed_run = single.run;
    seed_run.options = options;
    return run_seed(context.system, seed_run);
  };
  return run_single(context.system, context.console, single).status;
}

}  // namespace

void add_run_command(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* command = app.add_subcommand("run", "Run one seed of a scenario");
  command->add_option("--scenario", arguments->scenario, "See: catalogue scenarios")
      ->type_name("S")
      ->capture_default_str();
  command->add_option("--seed", arguments->seed, "1 to 2^53 - 1")->type_name("N")->required();
  add_defect_option(*command, arguments->defects);
  add_trace_option(*command, arguments->trace);
  command->add_flag("--json", arguments->json, "Print the result as one JSON object on one line");
  command->footer(
      "A failure writes its capsule into squall-out/.\n"
      "Example: ./squall run --scenario swarm --seed 17 --trace /tmp/17.txt");
  command->callback([arguments, &context] { context.status = run(*arguments, context); });
}

}  // namespace squall::commands
