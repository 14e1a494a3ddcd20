// squall score: does the sweep find what is planted?
#include <algorithm>
#include <memory>

#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "reports/run_text.h"
#include "sim/commands/arguments.h"
#include "sim/commands/command_context.h"
#include "sim/commands/score.h"
#include "sim/commands/worker_pool.h"

namespace squall::commands {
namespace {

constexpr const char* kScoreFolder = "squall-out/score";

struct ScoreArguments {
  std::vector<std::string> defects;
  std::string first_seed = "1";
  ScoreOptions options;
  bool json = false;
};

std::string expected_invariants(const ScoreRow& row) {
  return fmt::format("{}", fmt::join(row.defect->expected_invariants, "|"));
}

std::string row_json(const ScoreRow& row) {
  nlohmann::ordered_json json;
  json["defect"] = row.defect->name;
  json["number"] = row.defect->number;
  json["found"] = row.found.has_value();
  json["invariant"] = nullptr;
  json["expected_invariant"] = expected_invariants(row);
  json["expected"] = row.expected;
  json["seed"] = nullptr;
  json["seeds_tried"] = row.seeds_tried;
  json["cpu_s"] = row.cpu_s;
  json["errors"] = row.errors;
  if (row.found) {
    json["invariant"] = row.found->result.invariant;
    json["seed"] = row.found->result.seed;
    json["signature"] = row.found->result.signature;
    json["capsule"] = row.found->capsule;
    json["reproduce"] = reports::reproduction_line(*row.found);
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string row_text(const ScoreRow& row) {
  const std::string name = fmt::format("{:>3}  {:<36}", row.defect->number, row.defect->name);
  const std::string cost =
      fmt::format("{} seeds, {:.1f} s of CPU{}", row.seeds_tried, row.cpu_s,
                  row.errors > 0 ? fmt::format(", {} errors", row.errors) : "");
  if (!row.found) return fmt::format("{}  NOT FOUND  {}\n", name, cost);
  const std::string instead =
      row.expected ? "" : fmt::format(" (expected {})", expected_invariants(row));
  return fmt::format("{}  found      seed {}: {}{}; {}\n     capsule:   {}\n     reproduce: {}\n",
                     name, row.found->result.seed, row.found->result.signature, instead, cost,
                     row.found->capsule, reports::reproduction_line(*row.found));
}

std::vector<const DefectRow*> chosen_rows(const System& system,
                                          const std::vector<std::string>& names) {
  std::vector<const DefectRow*> rows;
  for (const DefectRow& row : system.defects) {
    if (names.empty() || std::find(names.begin(), names.end(), row.name) != names.end())
      rows.push_back(&row);
  }
  return rows;
}

int finish(const ScoreEnd& end, size_t defects, const ScoreArguments& arguments,
           const CommandContext& context) {
  const auto found = static_cast<size_t>(std::count_if(
      end.rows.begin(), end.rows.end(), [](const ScoreRow& row) { return row.found.has_value(); }));
  uint64_t errors = 0;
  for (const ScoreRow& row : end.rows) errors += row.errors;
  if (!arguments.json) context.console.print("{} of {} defects found\n", found, defects);
  if (!end.output_error.empty()) context.console.complain("no capsule: " + end.output_error);
  if (end.interrupted) {
    context.console.complain(
        fmt::format("interrupted after {} of {} defects", end.rows.size(), defects));
    return kExitInterrupted;
  }
  if (end.fork_error != 0) {
    context.console.complain(fork_error_text(end.fork_error));
    return kExitFailed;
  }
  if (found < defects) return kExitViolated;
  return end.output_error.empty() && errors == 0 ? kExitHeld : kExitFailed;
}

int run_score(const ScoreArguments& arguments, const CommandContext& context) {
  const auto names = resolve_defects(context, arguments.defects);
  if (!names) return kExitUsage;
  const auto first_seed = parse_seed(arguments.first_seed);
  if (!first_seed) return context.usage_error(fmt::format("--first-seed: {}", first_seed.error()));
  const ScenarioRow* swarm = resolve_scenario(context, "swarm");
  if (swarm == nullptr) return kExitUsage;
  ScoreOptions options = arguments.options;
  options.first_seed = *first_seed;
  options.capsule_folder = kScoreFolder;
  const auto defects = chosen_rows(context.system, *names);
  const ScoreEnd end = score(context.system, *swarm, defects, options, [&](const ScoreRow& row) {
    context.console.write(arguments.json ? row_json(row) + "\n" : row_text(row));
  });
  return finish(end, defects.size(), arguments, context);
}

}  // namespace

void add_score_command(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<ScoreArguments>();
  CLI::App* command = app.add_subcommand("score", "Find each planted defect by plain swarm seeds");
  add_defect_option(*command, arguments->defects);
  command->add_option("--first-seed", arguments->first_seed, "Begin here")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--max-seeds", arguments->options.max_seeds, "Give up on a defect after so many")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{1}, kMaxSeed))
      ->capture_default_str();
  add_jobs_option(*command, arguments->options.jobs);
  command->add_flag("--json", arguments->json, "Print a JSON object a line, one a defect");
  command->footer(
      "All defects unless some are named. Capsules go into squall-out/score/.\n"
      "Example: ./squall score --defect 13 --first-seed 500000");
  command->callback([arguments, &context] { context.status = run_score(*arguments, context); });
}

}  // namespace squall::commands
