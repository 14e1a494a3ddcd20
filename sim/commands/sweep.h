// Many runs on all cores: hands seeds to workers, keeps each result as it comes, adds up what they
// come to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/commands/console.h"
#include "sim/commands/result_log.h"
#include "sim/commands/system.h"

namespace squall::commands {

struct SweepOptions {
  unsigned jobs = 1;
  uint64_t max_failures = 1000;  // then no further seed is begun; 0: no bound
  bool json = false;
  bool exhaustive = false;  // every single fault instead of many seeds (exhaustive.h)
};

// Settings and earlier results come from the log. Returns the exit status.
int sweep(const System& system, Console& console, ResultLog& log, const SweepOptions& options);

}  // namespace squall::commands
