// Finding planted defects by plain seeds: for each defect, seeds in their order until one is
// violated.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reports/run_record.h"
#include "sim/commands/system.h"

namespace squall::commands {

struct ScoreOptions {
  uint64_t first_seed = 1;
  uint64_t max_seeds = 2000;  // a defect
  unsigned jobs = 1;
  std::string capsule_folder;
};

struct ScoreRow {
  const DefectRow* defect = nullptr;
  std::optional<reports::RunRecord> found;  // the violated run with the lowest seed
  bool expected = false;                    // an invariant of the defect's row caught it
  uint64_t seeds_tried = 0;                 // up to the one that found it
  uint64_t errors = 0;                      // runs of these that the simulator itself failed
  double cpu_s = 0;                         // of the seeds tried
};

struct ScoreEnd {
  std::vector<ScoreRow> rows;  // of the defects that were finished
  bool interrupted = false;
  int fork_error = 0;
  std::string output_error;  // the first thing that could not be written
};

// `show` gets each row as it comes.
ScoreEnd score(const System& system, const ScenarioRow& scenario,
               const std::vector<const DefectRow*>& defects, const ScoreOptions& options,
               const std::function<void(const ScoreRow&)>& show);

}  // namespace squall::commands
