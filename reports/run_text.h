// A run for people: its verdict and figures and, when it failed, all that is needed to see it
// again.
#pragma once

#include <string>
#include <vector>

#include "reports/run_record.h"
#include "reports/summary.h"

namespace squall::reports {

struct TextStyle {
  bool color = false;
};

// One line that a shell runs as it stands and that says all that the run depends on:
// "./squall run --scenario swarm --seed 7 --defect d  # build b, SQLite v".
std::string reproduction_line(const RunRecord& record);

// Several lines.
std::string run_text(const RunRecord& record, TextStyle style);
// Its failure alone: signature, message, capsule, reproduction.
std::string failure_text(const RunRecord& record, TextStyle style);

// A sweep: failures by signature, figures, faults, invariants and probes.
std::string summary_text(const Summary& summary, TextStyle style);
// The figures that a swarm is held to, one a line.
std::string swarm_figures_text(const Summary& swarm);
// "never hit: fault pause, probe latch-taken"; of many only how many of each kind.
std::string never_text(const std::vector<std::string>& never);

}  // namespace squall::reports
