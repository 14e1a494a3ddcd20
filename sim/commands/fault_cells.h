// Every single fault of a plan, and a sample of pairs: each point that a run of it without faults
// passes (site, entity, occurrence) times each fault that can strike there. A cell is a plan of its
// own, which replays with exactly that.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/plan.h"
#include "sim/run.h"

namespace squall::commands {

class FaultCells {
 public:
  using RunPlan = std::function<sim::RunResult(const sim::Plan&, const sim::RunOptions&)>;
  // Runs the plan once, without its rates, strikes and rows. most_pairs bounds the sample.
  FaultCells(const sim::Plan& plan, const RunPlan& run, uint64_t most_pairs);

  uint64_t singles() const { return singles_.size(); }
  uint64_t pairs() const { return pairs_.size(); }
  uint64_t size() const { return singles() + pairs(); }
  // 0 to size() - 1, singles first.
  sim::Plan plan(uint64_t cell) const;
  // "crash-node at commit-after-encode of a1/t3.0/commit/0", two of them for a pair.
  std::string describe(uint64_t cell) const;

 private:
  std::vector<sim::Perturbation> rows(uint64_t cell) const;

  sim::Plan base_;
  std::vector<sim::Perturbation> singles_;        // in the order in which the run passes them
  std::vector<std::pair<size_t, size_t>> pairs_;  // of singles_, at two points
};

}  // namespace squall::commands
