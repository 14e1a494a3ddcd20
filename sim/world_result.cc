// What a run came to, gathered from all parts of the world.
#include <fmt/format.h>

#include "sim/world.h"

namespace squall::sim {

RunResult World::result() const {
  RunResult result;
  result.scenario = plan_.scenario;
  result.seed = plan_.seed;
  result.verdict = violation_ ? Verdict::kViolated : Verdict::kHeld;
  if (violation_) {
    result.invariant = to_string(violation_->invariant);
    result.signature = violation_->signature();
    result.message = violation_->message;
  } else if (!error_.empty()) {
    result.verdict = Verdict::kError;
    result.message = error_;
  }
  result.events = trace_.events();
  result.hash = trace_.hash();
  result.virtual_ms = scheduler_.now_us() / 1000;
  result.knobs = plan_.knobs;
  result.fired = decisions_.fired();
  for (const Perturbation& row : decisions_.fired()) {
    ++result.fault_sites[fmt::format("{}@{}", info(row.fault).name, site_name(row.site))];
  }
  for (const FaultInfo& fault : fault_table()) {
    result.faults.emplace(fault.name, decisions_.count(fault.fault));
  }
  for (const ProbeInfo& row : probe_table()) {
    uint64_t count = probes_.counts()[row.id];
    if (row.id == probe_id(WorldProbe::kStoreReadsOldValue)) count = store_.old_reads();
    if (count > 0) result.probes.emplace(row.name, count);
  }
  result.commits = figures_.commits;
  result.staged_commits = figures_.staged_commits;
  result.page_fetches = figures_.page_fetches;
  result.commits_struck = figures_.commits_struck;
  if (oracle_) {
    const InvariantCounts& counts = oracle_->counts();
    for (const InvariantInfo& row : invariant_table()) {
      result.invariants.emplace(row.name, counts[static_cast<size_t>(row.invariant)]);
    }
    const OracleFigures& oracle = oracle_->figures();
    result.statements = oracle.statements;
    result.committing_actors = oracle.committing_actors;
    result.dirty_pages = oracle.dirty_pages;
    result.compactions = oracle.compactions;
    result.shrinks = oracle.shrinks;
  }
  result.cpu_ms = used_cpu_s() * 1000;
  return result;
}

}  // namespace squall::sim
