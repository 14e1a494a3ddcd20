// What each command works with, and the arguments that several of them share. Every command is one
// file with one function: add_…_command declares it (its help and example included) and sets
// context.status when it has run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/commands/console.h"
#include "sim/commands/exit_status.h"
#include "sim/commands/system.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace squall::commands {

struct CommandContext {
  const System& system;
  Console& console;
  int status = kExitHeld;

  // Complains and gives the status to leave with.
  int usage_error(std::string_view what) const;
};

void add_run_command(CLI::App& app, CommandContext& context);
void add_sweep_command(CLI::App& app, CommandContext& context);
void add_replay_command(CLI::App& app, CommandContext& context);
void add_catalogue_command(CLI::App& app, CommandContext& context);
void add_determinism_command(CLI::App& app, CommandContext& context);
void add_score_command(CLI::App& app, CommandContext& context);
void add_bench_command(CLI::App& app, CommandContext& context);

// An option with a text that may not be empty: a script's unset variable is no wish.
CLI::Option* add_text_option(CLI::App& command, const std::string& name, const std::string& type,
                             std::string& text, const std::string& help);
// --trace FILE.
void add_trace_option(CLI::App& command, std::string& path);
// --defect D, repeatable.
void add_defect_option(CLI::App& command, std::vector<std::string>& defects);
// --jobs N; all cores unless given.
void add_jobs_option(CLI::App& command, unsigned& jobs);

// Names in the tables' spelling, each once, in the tables' order. Nothing, after a complaint, when
// one is unknown.
std::optional<std::vector<std::string>> resolve_defects(const CommandContext& context,
                                                        const std::vector<std::string>& names);
const ScenarioRow* resolve_scenario(const CommandContext& context, const std::string& name);

}  // namespace squall::commands
