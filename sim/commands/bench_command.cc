// squall bench: what simulating costs.
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "reports/text_table.h"
#include "sim/commands/bench.h"
#include "sim/commands/command_context.h"

namespace squall::commands {
namespace {

nlohmann::ordered_json number_or_null(const std::optional<double>& number) {
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json(nullptr);
}

std::string figure_json(const BenchFigure& figure, const System& system) {
  nlohmann::ordered_json json;
  json["figure"] = figure.name;
  json["system"] = figure.system;
  json["actors"] = figure.actors;
  json["value"] = figure.value;
  json["unit"] = figure.unit;
  json["ratio"] = number_or_null(figure.ratio);
  json["bar"] = number_or_null(figure.bar);
  json["met"] = figure.bar ? nlohmann::ordered_json(figure.met()) : nlohmann::ordered_json(nullptr);
  json["build"] = system.build;
  json["sqlite"] = system.sqlite;
  return json.dump() + "\n";
}

std::string number_text(double number) {
  return number >= 1000 ? reports::grouped(static_cast<uint64_t>(number))
                        : fmt::format("{:.2f}", number);
}

std::vector<std::string> figure_cells(const BenchFigure& figure) {
  const std::string bar =
      figure.bar ? fmt::format("{} {:g}: {}", figure.bar_is_least ? "at least" : "at most",
                               *figure.bar, figure.met() ? "met" : "missed")
                 : "";
  return {figure.name,
          figure.actors > 0 ? fmt::format("{}", figure.actors) : "",
          figure.system,
          number_text(figure.value),
          figure.unit,
          figure.ratio ? fmt::format("{:.2f} x bare", *figure.ratio) : "",
          bar};
}

int run_bench(bool json, const CommandContext& context) {
  std::vector<std::vector<std::string>> rows{
      {"figure", "actors", "system", "value", "unit", "ratio", "bar"}};
  const auto done = bench(context.system, [&](const BenchFigure& figure) {
    if (json) return context.console.write(figure_json(figure, context.system));
    rows.push_back(figure_cells(figure));
    context.console.progress(fmt::format("{} figures", rows.size() - 1));
  });
  using reports::Align;
  if (!json) {
    context.console.write(
        reports::text_table(rows,
                            {Align::kLeft, Align::kRight, Align::kLeft, Align::kRight, Align::kLeft,
                             Align::kRight, Align::kLeft},
                            ""));
  }
  if (done) return kExitHeld;
  context.console.complain(done.error() + "; the figures after it are missing");
  return kExitFailed;
}

}  // namespace

void add_bench_command(CLI::App& app, CommandContext& context) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("bench", "Measure what simulating costs (a few minutes)");
  command->add_flag("--json", *json, "Print a JSON object a line, one a figure");
  command->footer(
      "CPU of a commit beside the same SQL on a bare in-memory VFS, memory, and the bars. Missed "
      "bars don't\n"
      "change the exit status.\n"
      "Example: ./squall bench");
  command->callback([json, &context] { context.status = run_bench(*json, context); });
}

}  // namespace squall::commands
