// One run in a worker of its own, for `run` and `replay`: a crash, a hang or Ctrl-C ends in a
// result as well.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sim/commands/console.h"
#include "sim/commands/seed_run.h"

namespace squall::commands {

struct SingleRun {
  SeedRun run;             // names the run when its worker dies
  std::string trace_path;  // empty: no trace
  bool json = false;
  // In the worker, with the options to use.
  std::function<SeedRunOutcome(const sim::RunOptions&)> work;
  // In the parent, before the outcome is shown; may be null.
  std::function<void(reports::RunRecord&)> judge;
};

struct SingleRunEnd {
  int status;                                // to exit with
  std::optional<reports::RunRecord> record;  // nothing: interrupted, or nothing could be begun
};

// Shows the outcome on the console.
SingleRunEnd run_single(const System& system, Console& console, const SingleRun& single);

}  // namespace squall::commands
