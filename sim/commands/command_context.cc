#include "sim/commands/command_context.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "sim/commands/worker_pool.h"

namespace squall::commands {

int CommandContext::usage_error(std::string_view what) const {
  console.complain(what);
  return kExitUsage;
}

CLI::Option* add_text_option(CLI::App& command, const std::string& name, const std::string& type,
                             std::string& text, const std::string& help) {
  const auto refuse_empty = [](const std::string& given) {
    return given.empty() ? "may not be empty" : std::string();
  };
  return command.add_option(name, text, help)->type_name(type)->check(refuse_empty);
}

void add_trace_option(CLI::App& command, std::string& path) {
  add_text_option(command, "--trace", "FILE", path,
                  "Write each event as a line of text to this file");
}

void add_defect_option(CLI::App& command, std::vector<std::string>& defects) {
  command.add_option("--defect", defects, "Plant this defect (repeatable); see: catalogue defects")
      ->type_name("D")
      ->expected(1)
      ->take_all();
}

void add_jobs_option(CLI::App& command, unsigned& jobs) {
  jobs = usable_cores();
  command.add_option("--jobs", jobs, "Processes at work; all cores unless given")
      ->type_name("N")
      ->check(CLI::Range(1u, 1024u));
}

std::optional<std::vector<std::string>> resolve_defects(const CommandContext& context,
                                                        const std::vector<std::string>& names) {
  std::vector<const DefectRow*> rows;
  for (const std::string& name : names) {
    const DefectRow* row = context.system.find_defect(name);
    if (row == nullptr) {
      context.usage_error(
          fmt::format("there is no defect '{}'; see: ./squall catalogue defects", name));
      return std::nullopt;
    }
    rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  std::vector<std::string> resolved;
  for (const DefectRow* row : rows) resolved.emplace_back(row->name);
  return resolved;
}

const ScenarioRow* resolve_scenario(const CommandContext& context, const std::string& name) {
  const ScenarioRow* scenario = context.system.find_scenario(name);
  if (scenario == nullptr) {
    context.usage_error(
        fmt::format("there is no scenario '{}'; see: ./squall catalogue scenarios", name));
  }
  return scenario;
}

}  // namespace squall::commands
