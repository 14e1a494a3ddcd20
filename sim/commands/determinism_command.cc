// squall determinism: does the seed decide everything?
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "sim/commands/command_context.h"
#include "sim/commands/determinism.h"
#include "sim/commands/planted_nondeterminism.h"
#include "sim/commands/worker_pool.h"

namespace squall::commands {
namespace {

constexpr size_t kMostLocated = 3;  // mismatches whose event is looked for

struct DeterminismArguments {
  std::string scenario = "swarm";
  std::string seeds;
  std::string planted;
  unsigned jobs = 1;
  bool json = false;
};

struct Mismatch {
  SeedComparison comparison;
  SeedRange part;
};

nlohmann::ordered_json lines_json(const std::vector<TracedEvent>& events) {
  auto lines = nlohmann::ordered_json::array();
  for (const TracedEvent& event : events) {
    for (const std::string& line : event.lines) lines.push_back(line);
  }
  return lines;
}

std::string mismatch_json(const std::string& scenario, const Mismatch& mismatch,
                          const std::optional<Divergence>& divergence) {
  nlohmann::ordered_json json;
  json["scenario"] = scenario;
  json["seed"] = mismatch.comparison.seed;
  json["same"] = false;
  json["first"] = mismatch.comparison.first.substr(1);
  json["second"] = mismatch.comparison.second.substr(1);
  json["event"] = nullptr;
  if (divergence) {
    json["event"] = divergence->event;
    json["needs_predecessors"] = divergence->needs_predecessors;
    json["common_trace"] = lines_json(divergence->common);
    json["first_trace"] = lines_json(divergence->first);
    json["second_trace"] = lines_json(divergence->second);
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string trace_text(const char* title, const std::vector<TracedEvent>& events) {
  std::string text = fmt::format("  {}:\n", title);
  for (const TracedEvent& event : events) {
    text += fmt::format("    event {}, hash {}\n", event.event, event.hash);
    for (const std::string& line : event.lines) text += fmt::format("      {}\n", line);
  }
  return text;
}

std::string mismatch_text(const std::string& scenario, const Mismatch& mismatch,
                          const std::optional<Divergence>& divergence) {
  std::string text = fmt::format(
      "{} seed {} is not decided by its seed\n  first: {}\n  second:{}\n", scenario,
      mismatch.comparison.seed, mismatch.comparison.first.substr(1), mismatch.comparison.second);
  if (!divergence) return text + "  run again, both ended alike: the event is not known\n";
  text += fmt::format(
      "  the runs part at event {}{}\n", divergence->event,
      divergence->needs_predecessors
          ? fmt::format(", and only after other seeds (upwards from {}, downwards from {}): "
                        "something leaks from seed to seed",
                        mismatch.part.first, mismatch.part.last)
          : "");
  text += trace_text("both", divergence->common);
  text += trace_text("first", divergence->first);
  return text + trace_text("second", divergence->second);
}

// Shows the mismatches in the order of seeds, the first few with the event where they part.
void show_mismatches(const DeterminismArguments& arguments, const CommandContext& context,
                     std::vector<Mismatch>& mismatches) {
  std::sort(mismatches.begin(), mismatches.end(), [](const Mismatch& a, const Mismatch& b) {
    return a.comparison.seed < b.comparison.seed;
  });
  for (size_t i = 0; i < mismatches.size(); ++i) {
    const Mismatch& mismatch = mismatches[i];
    if (i >= kMostLocated && !arguments.json) {
      context.console.print("and {} more seeds\n", mismatches.size() - i);
      return;
    }
    std::optional<Divergence> divergence;
    if (i < kMostLocated) {
      divergence = find_divergence({.executable = context.system.executable,
                                    .scenario = arguments.scenario,
                                    .seeds = mismatch.part,
                                    .seed = mismatch.comparison.seed,
                                    .planted = arguments.planted});
    }
    context.console.write(arguments.json ? mismatch_json(arguments.scenario, mismatch, divergence)
                                         : mismatch_text(arguments.scenario, mismatch, divergence));
  }
}

int finish(const DeterminismArguments& arguments, const CommandContext& context,
           const DeterminismEnd& end, uint64_t compared, uint64_t asked, size_t mismatches) {
  if (arguments.json) {
    nlohmann::ordered_json json{{"summary", true},
                                {"scenario", arguments.scenario},
                                {"runs", compared},
                                {"mismatches", mismatches},
                                {"build", context.system.build},
                                {"sqlite", context.system.sqlite}};
    context.console.write(json.dump() + "\n");
  } else {
    context.console.print("{} seeds run twice, {} mismatches\n", compared, mismatches);
  }
  for (const std::string& failure : end.failures) {
    context.console.complain(failure + "; find its seed with ./squall sweep");
  }
  if (end.interrupted) {
    context.console.complain(fmt::format("interrupted after {} of {} seeds", compared, asked));
    return kExitInterrupted;
  }
  return mismatches == 0 && end.failures.empty() && compared == asked ? kExitHeld : kExitFailed;
}

int determinism(const DeterminismArguments& arguments, const CommandContext& context) {
  if (resolve_scenario(context, arguments.scenario) == nullptr) return kExitUsage;
  const auto seeds = parse_seed_range(arguments.seeds);
  if (!seeds) {
    return context.usage_error(
        fmt::format("--seeds: {}; see ./squall determinism --help", seeds.error()));
  }
  const DeterminismOptions options{.executable = context.system.executable,
                                   .scenario = arguments.scenario,
                                   .seeds = *seeds,
                                   .jobs = arguments.jobs,
                                   .planted = arguments.planted};
  uint64_t compared = 0;
  std::vector<Mismatch> mismatches;
  const DeterminismEnd end =
      compare_runs(options, [&](const SeedComparison& comparison, const SeedRange& part) {
        ++compared;
        if (!comparison.same()) mismatches.push_back({comparison, part});
        context.console.progress(fmt::format("{} of {} seeds, {} mismatches", compared,
                                             seeds->size(), mismatches.size()));
      });
  show_mismatches(arguments, context, mismatches);
  return finish(arguments, context, end, compared, seeds->size(), mismatches.size());
}

}  // namespace

void add_determinism_command(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<DeterminismArguments>();
  CLI::App* command =
      app.add_subcommand("determinism", "Run seeds twice, in processes as unlike as can be");
  command->add_option("--scenario", arguments->scenario, "See: catalogue scenarios")
      ->type_name("S")
      ->capture_default_str();
  command->add_option("--seeds", arguments->seeds, "Both ends included")
      ->type_name("A..B")
      ->required();
  add_jobs_option(*command, arguments->jobs);
  command
      ->add_option("--plant-nondeterminism", arguments->planted,
                   "For its own test: clock, pointer or leak")
      ->check(CLI::IsMember({"clock", "pointer", "leak"}))
      ->group("");
  command->add_flag("--json", arguments->json,
                    "Print a JSON object a line: each mismatch, then the summary");
  command->footer(
      "A mismatch names the first event where the two runs part.\n"
      "Example: ./squall determinism --seeds 1..1000");
  command->callback([arguments, &context] { context.status = determinism(*arguments, context); });
}

}  // namespace squall::commands
