// squall sweep: the main job.
#include <algorithm>
#include <ctime>
#include <memory>

#include <CLI/CLI.hpp>

#include "sim/commands/arguments.h"
#include "sim/commands/command_context.h"
#include "sim/commands/exhaustive.h"
#include "sim/commands/sweep.h"

namespace squall::commands {
namespace {

constexpr double kDefaultTimeS = 60;

struct SweepArguments {
  std::vector<std::string> scenarios;
  std::string seeds;
  std::string time;
  std::string shard;
  std::vector<std::string> defects;
  std::string out;
  bool resume = false;
  SweepOptions options;
};

std::string default_folder() {
  const time_t now = time(nullptr);
  tm local{};
  localtime_r(&now, &local);
  char text[64];
  strftime(text, sizeof text, "squall-out/sweep-%Y%m%d-%H%M%S", &local);
  return text;
}

// Distinct from one second to the next, with room for a sweep's seeds between.
uint64_t seed_from_clock() { return static_cast<uint64_t>(time(nullptr)) * 100'000; }

// Overwrites what the command line names; false after a complaint.
bool apply_arguments(const SweepArguments& arguments, const CommandContext& context,
                     SweepSettings& settings) {
  if (!arguments.scenarios.empty()) settings.scenarios.clear();
  for (const std::string& name : arguments.scenarios) {
    if (resolve_scenario(context, name) == nullptr) return false;
    auto& names = settings.scenarios;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  const auto defects = resolve_defects(context, arguments.defects);
  if (!defects) return false;
  if (!defects->empty()) settings.defects = *defects;
  auto complain = [&](const std::string& option, const std::string& why) {
    context.usage_error(fmt::format("{}: {}; see ./squall sweep --help", option, why));
    return false;
  };
  if (!arguments.seeds.empty()) {
    const auto range = parse_seed_range(arguments.seeds);
    if (!range) return complain("--seeds", range.error());
    settings.first_seed = range->first;
    settings.last_seed = range->last;
    settings.time_s.reset();
  }
  if (!arguments.time.empty()) {
    const auto time_s = parse_duration_s(arguments.time);
    if (!time_s) return complain("--time", time_s.error());
    settings.time_s = *time_s;
  }
  if (!arguments.shard.empty()) {
    const auto shard = parse_shard(arguments.shard);
    if (!shard) return complain("--shard", shard.error());
    settings.shard = *shard;
  }
  return true;
}

// Scenarios that were named, or those that are made for it; of each the plan of seed 1.
void choose_exhaustive(const SweepArguments& arguments, const CommandContext& context,
                       SweepSettings& settings) {
  settings.exhaustive = true;
  settings.first_seed = 1;
  settings.last_seed = 1;
  settings.time_s.reset();
  if (!arguments.scenarios.empty()) return;
  settings.scenarios.clear();
  for (const ScenarioRow& row : context.system.scenarios) {
    if (row.canonical) settings.scenarios.push_back(row.name);
  }
}

int start(const SweepArguments& arguments, const CommandContext& context) {
  SweepSettings settings{.scenarios = {"swarm"},
                         .first_seed = seed_from_clock(),
                         .last_seed = std::nullopt,
                         .time_s = kDefaultTimeS,
                         .shard = {},
                         .defects = {},
                         .build = context.system.build,
                         .sqlite = context.system.sqlite};
  if (!apply_arguments(arguments, context, settings)) return kExitUsage;
  if (arguments.options.exhaustive) choose_exhaustive(arguments, context, settings);
  auto log = ResultLog::create(arguments.out.empty() ? default_folder() : arguments.out, settings);
  if (!log) {
    context.console.complain(log.error().message);
    return log.error().status;
  }
  if (arguments.options.exhaustive)
    return exhaustive(context.system, context.console, *log, arguments.options);
  if (arguments.seeds.empty() && !arguments.options.json) {
    context.console.print("{:.0f} s from seed {} on\n", *settings.time_s, settings.first_seed);
  }
  return sweep(context.system, context.console, *log, arguments.options);
}

// Results of two builds, or with other defects, would not add up.
bool fits(const ResultLog& log, const SweepSettings& settings, const CommandContext& context) {
  const SweepSettings& earlier = log.settings();
  if (earlier.build == settings.build && earlier.sqlite == settings.sqlite &&
      earlier.defects == settings.defects) {
    return true;
  }
  context.usage_error(
      fmt::format("{} is of build {}, SQLite {} and {} planted defects, and this sweep isn't; "
                  "name another --out",
                  log.folder(), earlier.build, earlier.sqlite, earlier.defects.size()));
  return false;
}

int resume(const SweepArguments& arguments, const CommandContext& context) {
  if (arguments.out.empty())
    return context.usage_error("--resume goes on with a folder; name it with --out DIR");
  auto log = ResultLog::resume(arguments.out);
  if (!log) {
    context.console.complain(log.error().message);
    return log.error().status;
  }
  if (log->settings().exhaustive) {
    return context.usage_error(
        fmt::format("{} is of an exhaustive sweep, which can't be resumed; run it again with "
                    "another --out",
                    arguments.out));
  }
  SweepSettings settings = log->settings();
  settings.build = context.system.build;
  settings.sqlite = context.system.sqlite;
  if (!apply_arguments(arguments, context, settings) || !fits(*log, settings, context))
    return kExitUsage;
  for (const std::string& name : settings.scenarios) {
    if (resolve_scenario(context, name) == nullptr) return kExitUsage;
  }
  log->set_settings(settings);
  return sweep(context.system, context.console, *log, arguments.options);
}

}  // namespace

void add_sweep_command(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<SweepArguments>();
  CLI::App* command = app.add_subcommand("sweep", "Run many seeds on all cores");
  command
      ->add_option("--scenario", arguments->scenarios,
                   "Run this one (repeatable); swarm unless given")
      ->type_name("S")
      ->expected(1)
      ->take_all();
  auto* seeds =
      add_text_option(*command, "--seeds", "A..B", arguments->seeds, "Both ends included");
  auto* time = add_text_option(*command, "--time", "60s|10m|2h", arguments->time,
                               "For so long, from a seed of the clock; 60s unless given")
                   ->excludes(seeds);
  add_jobs_option(*command, arguments->options.jobs);
  add_text_option(*command, "--shard", "I/N", arguments->shard,
                  "Only the I-th of N parts of the seeds");
  add_defect_option(*command, arguments->defects);
  add_text_option(*command, "--out", "DIR", arguments->out,
                  "Folder for results and capsules; squall-out/sweep-<now> unless given");
  auto* resumes = command->add_flag("--resume", arguments->resume,
                                    "Go on with the sweep of --out; seeds done are not run again");
  command
      ->add_flag("--exhaustive", arguments->options.exhaustive,
                 "Each scenario once per single fault, and a sample of pairs; the canonical-* "
                 "unless named")
      ->excludes(seeds)
      ->excludes(time)
      ->excludes(resumes);
  command
      ->add_option("--max-failures", arguments->options.max_failures,
                   "Begin no seed after so many; 0: no bound")
      ->type_name("K")
      ->capture_default_str();
  command->add_flag("--json", arguments->options.json,
                    "Print a JSON object a line: each run, then the summary");
  command->footer(
      "Examples: ./squall sweep\n"
      "          ./squall sweep --seeds 1..10000 --out /tmp/nightly\n"
      "          ./squall sweep --exhaustive --scenario canonical-staged");
  command->callback([arguments, &context] {
    context.status = arguments->resume ? resume(*arguments, context) : start(*arguments, context);
  });
}

}  // namespace squall::commands
