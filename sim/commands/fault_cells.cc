#include "sim/commands/fault_cells.h"

#include <fmt/format.h>

#include <set>

#include "sim/decisions.h"
#include "sim/keyed_hash.h"

namespace squall::commands {
namespace {

// The middle of the fault's range, where one stands for all.
constexpr uint64_t kMiddle = uint64_t{1} << 63;

bool same_point(const sim::Perturbation& a, const sim::Perturbation& b) {
  return a.site == b.site && a.entity == b.entity && a.occurrence == b.occurrence;
}

}  // namespace

FaultCells::FaultCells(const sim::Plan& plan, const RunPlan& run, uint64_t most_pairs)
    : base_(plan) {
  base_.mode = sim::PlanMode::kReplay;
  base_.rates_ppm.fill(0);
  base_.strikes.clear();
  base_.perturbations.clear();
  std::vector<sim::Perturbation> points;
  sim::RunOptions options;
  options.points = &points;
  run(base_, options);
  for (sim::Perturbation point : points) {
    for (const sim::FaultInfo& fault : sim::fault_table()) {
      if (!sim::applies(fault.fault, point.site)) continue;
      point.fault = fault.fault;
      point.parameter = sim::draw_parameter(fault.fault, kMiddle);
      singles_.push_back(point);
    }
  }
  std::set<std::pair<size_t, size_t>> drawn;
  for (uint64_t i = 0; i < most_pairs && !singles_.empty(); ++i) {
    const uint64_t key = sim::keyed_hash(plan.decision_key, 0xCE11, i);
    std::pair<size_t, size_t> pair{sim::below(key, singles_.size()),
                                   sim::below(sim::keyed_hash(key, 1), singles_.size())};
    if (pair.second < pair.first) std::swap(pair.first, pair.second);
    if (same_point(singles_[pair.first], singles_[pair.second]) || !drawn.insert(pair).second)
      continue;
    pairs_.push_back(pair);
  }
}

std::vector<sim::Perturbation> FaultCells::rows(uint64_t cell) const {
  if (cell < singles()) return {singles_[cell]};
  const auto& [first, second] = pairs_[cell - singles()];
  return {singles_[first], singles_[second]};
}

sim::Plan FaultCells::plan(uint64_t cell) const {
  sim::Plan plan = base_;
  plan.perturbations = rows(cell);
  return plan;
}

std::string FaultCells::describe(uint64_t cell) const {
  std::string text;
  for (const sim::Perturbation& row : rows(cell)) {
    text += fmt::format("{}{} at {} of {}", text.empty() ? "" : ", ", sim::info(row.fault).name,
                        sim::site_name(row.site), sim::to_string(row.entity));
    if (row.occurrence > 0) text += fmt::format(" #{}", row.occurrence);
  }
  return text;
}

}  // namespace squall::commands
