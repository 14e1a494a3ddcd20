#include "sim/commands/command_line.h"

#include <sstream>

#include <CLI/CLI.hpp>

#include "sim/commands/command_context.h"
#include "sim/commands/hash_process.h"
#include "sim/commands/ltx_command.h"

namespace squall::commands {
namespace {

constexpr const char* kFooter =
    "Exit status: 0 all held, 1 a violation, 2 wrong usage or unreadable input, 3 the simulator "
    "or\n"
    "an output failed, 125 not of this build, 130 interrupted.\n"
    "Example: ./squall sweep --seeds 1..1000";

// The innermost command that the arguments named: whose help to point at.
std::string command_named(const CLI::App& app) {
  std::string name = "./squall";
  for (const CLI::App* at = &app; at != nullptr;) {
    const auto chosen = at->get_subcommands();
    at = chosen.empty() ? nullptr : chosen.front();
    if (at != nullptr) name += " " + at->get_name();
  }
  return name;
}

// Help and version leave with 0, everything else was wrong usage.
int end_of_parse(const CLI::App& app, const CLI::ParseError& error, Console& console) {
  if (error.get_exit_code() == 0) {
    std::ostringstream out;
    std::ostringstream err;
    app.exit(error, out, err);
    console.write(out.str());
    return kExitHeld;
  }
  std::string what = error.what();
  while (!what.empty() && (what.back() == '\n' || what.back() == '.')) what.pop_back();
  console.complain(fmt::format("{}; see {} --help", what, command_named(app)));
  return kExitUsage;
}

}  // namespace

int run_command_line(int argc, const char* const* argv, const System& system, FILE* out,
                     FILE* err) {
  Console console(out, err);
  CommandContext context{.system = system, .console = console};
  CLI::App app(
      "Squall: a whole SQLite-on-KV storage system in one thread, in virtual time, from one seed",
      "squall");
  app.set_version_flag("--version",
                       fmt::format("squall {}, SQLite {}", system.build, system.sqlite));
  app.set_help_flag("-h,--help", "Show this help");
  app.footer(kFooter);
  app.require_subcommand(0, 1);
  add_run_command(app, context);
  add_sweep_command(app, context);
  add_replay_command(app, context);
  add_catalogue_command(app, context);
  add_determinism_command(app, context);
  add_score_command(app, context);
  add_bench_command(app, context);
  add_hash_process_command(app, context);
  add_ltx_commands(app, &context.status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return console.finish(end_of_parse(app, error, console));
  }
  if (app.get_subcommands().empty()) console.write(app.help());
  return console.finish(context.status);
}

}  // namespace squall::commands
