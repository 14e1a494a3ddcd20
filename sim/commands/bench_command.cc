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

// Columns of fixed width: a figure is shown as soon as it is known.
std::string row_text(const std::string& figure, const std::string& actors,
                     const std::string& system, const std::string& value, const std::string& unit,
                     const std::string& ratio, const std::string& bar) {
  std::string row = fmt::format("{:<33} {:>6}  {:<15} {:>9}  {:<24} {:>13}  {}", figure, actors,
                                system, value, unit, ratio, bar);
  row.erase(row.find_last_not_of(' ') + 1);
  return row + "\n";
}

std::string figure_text(const BenchFigure& figure) {
  std::string bar;
  if (figure.bar) {
    bar = fmt::format("{} {:g}: {}", figure.bar_is_least ? "at least" : "at most", *figure.bar,
                      figure.met() ? "met" : "missed");
  }
  return row_text(figure.name, figure.actors > 0 ? std::to_string(figure.actors) : "",
                  figure.system, number_text(figure.value), figure.unit,
                  figure.ratio ? fmt::format("{:.2f} x bare", *figure.ratio) : "", bar);
}

int run_bench(bool json, const CommandContext& context) {
  if (!json) {
    context.console.write(row_text("figure", "actors", "system", "value", "unit", "ratio", "bar"));
  }
  const auto done = bench(context.system, [&](const BenchFigure& figure) {
    context.console.write(json ? figure_json(figure, context.system) : figure_text(figure));
  });
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
