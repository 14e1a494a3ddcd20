// A scenario once per single fault, and once per pair of a keyed sample (fault_cells.h), on all
// cores.
#pragma once

#include "sim/commands/console.h"
#include "sim/commands/result_log.h"
#include "sim/commands/sweep.h"
#include "sim/commands/system.h"

namespace squall::commands {

// Pairs of a scenario that are run beside its single faults.
inline constexpr uint64_t kMostPairs = 500;

// Scenarios, defects and shard come from the log's settings, as does the seed of the plan. Returns
// the exit status.
int exhaustive(const System& system, Console& console, ResultLog& log, const SweepOptions& options);

}  // namespace squall::commands
