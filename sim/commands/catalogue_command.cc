// squall catalogue: what this build knows, straight from its tables.
#include <memory>

#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "reports/text_table.h"
#include "scenarios/defects.h"
#include "sim/commands/command_context.h"
#include "sim/probes.h"

namespace squall::commands {
namespace {

using Json = nlohmann::ordered_json;

// A table as rows of JSON; for people the same cells in columns.
struct Section {
  const char* name;
  Json (*rows)(const System&);
};

Json scenario_rows(const System& system) {
  Json rows = Json::array();
  for (const ScenarioRow& row : system.scenarios) {
    rows.push_back({{"name", row.name},
                    {"default_check", row.in_default_checks ? "yes" : "on request"},
                    {"description", row.description}});
  }
  return rows;
}

Json fault_rows(const System&) {
  Json rows = Json::array();
  for (const sim::FaultInfo& row : sim::fault_table()) {
    rows.push_back({{"name", row.name},
                    {"family", to_string(row.family)},
                    {"sites", describe(row.sites)},
                    {"description", row.description}});
  }
  return rows;
}

Json named_rows(const std::vector<NamedRow>& table) {
  Json rows = Json::array();
  for (const NamedRow& row : table)
    rows.push_back({{"name", row.name}, {"description", row.description}});
  return rows;
}

Json invariant_rows(const System& system) { return named_rows(system.invariants); }

// The name of a pair says what it means.
Json probe_rows(const System&) {
  Json rows = Json::array();
  for (const sim::ProbeInfo& row : sim::probe_table()) {
    rows.push_back({{"name", row.name},
                    {"where", row.where},
                    {"bugs", row.bugs},
                    {"description", row.meaning.empty() ? "of one actor" : row.meaning}});
  }
  return rows;
}

Json defect_rows(const System& system) {
  Json rows = Json::array();
  for (const DefectRow& row : system.defects) {
    rows.push_back(
        {{"number", row.number},
         {"name", row.name},
         {"expected_invariant", fmt::format("{}", fmt::join(row.expected_invariants, "|"))},
         {"witness", scenarios::witness_name(row)},
         {"description", row.description}});
  }
  for (const scenarios::InexpressibleDefect& row : scenarios::inexpressible_defects()) {
    rows.push_back({{"number", row.number},
                    {"name", row.name},
                    {"expected_invariant", ""},
                    {"witness", ""},
                    {"description", fmt::format("can't be planted here: {}", row.why)}});
  }
  return rows;
}

Json knob_rows(const System&) {
  const sim::Knobs defaults;
  Json rows = Json::array();
  for (const sim::KnobInfo& row : sim::knob_table()) {
    rows.push_back({{"name", row.name},
                    {"default", defaults.*row.member},
                    {"least", row.least},
                    {"most", row.most},
                    {"description", row.description}});
  }
  return rows;
}

constexpr Section kSections[] = {
    {"scenarios", scenario_rows}, {"faults", fault_rows},   {"invariants", invariant_rows},
    {"probes", probe_rows},       {"defects", defect_rows}, {"knobs", knob_rows},
};

std::string section_text(const char* name, const Json& rows) {
  std::vector<std::vector<std::string>> cells;
  std::vector<reports::Align> alignments;
  for (const Json& row : rows) {
    std::vector<std::string>& line = cells.emplace_back();
    alignments.clear();
    for (const Json& cell : row) {
      line.push_back(cell.is_string() ? cell.get<std::string>() : cell.dump());
      alignments.push_back(cell.is_string() ? reports::Align::kLeft : reports::Align::kRight);
    }
  }
  return std::string(name) + "\n" + reports::text_table(cells, alignments);
}

void print_section(const Section& section, bool json, const CommandContext& context) {
  const Json rows = section.rows(context.system);
  if (!json) return context.console.write(section_text(section.name, rows));
  for (const Json& row : rows) {
    Json line{{"table", section.name}};
    line.update(row);
    context.console.write(line.dump() + "\n");
  }
}

struct CatalogueArguments {
  std::string section;
  bool json = false;
};

int catalogue(const CatalogueArguments& arguments, const CommandContext& context) {
  bool found = false;
  for (const Section& section : kSections) {
    if (!arguments.section.empty() && arguments.section != section.name) continue;
    if (found && !arguments.json) context.console.write("\n");
    print_section(section, arguments.json, context);
    found = true;
  }
  if (found) return kExitHeld;
  return context.usage_error(
      fmt::format("there is no table '{}'; see ./squall catalogue --help", arguments.section));
}

}  // namespace

void add_catalogue_command(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<CatalogueArguments>();
  CLI::App* command = app.add_subcommand("catalogue", "List what this build knows");
  command
      ->add_option("table", arguments->section,
                   "scenarios, faults, invariants, probes, defects or knobs; all unless given")
      ->type_name("TABLE");
  command->add_flag("--json", arguments->json, "Print a JSON object a line");
  command->footer("Example: ./squall catalogue faults");
  command->callback([arguments, &context] { context.status = catalogue(*arguments, context); });
}

}  // namespace squall::commands
