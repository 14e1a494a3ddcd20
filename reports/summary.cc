#include "reports/summary.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace squall::reports {
namespace {

void add_counts(Summary::Counts& sum, const Summary::Counts& counts) {
  for (const auto& [name, count] : counts) sum[name] += count;
}

uint64_t median(std::vector<uint32_t> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

bool ends_sooner(const sim::RunResult& a, const sim::RunResult& b) {
  return a.events != b.events ? a.events < b.events : a.seed < b.seed;
}

void add_never(const char* kind, const Summary::Counts& counts, std::vector<std::string>& names) {
  for (const auto& [name, count] : counts) {
    if (count == 0) names.push_back(std::string(kind) + " " + name);
  }
}

}  // namespace

void Summary::add(const RunRecord& record) {
  const sim::RunResult& result = record.result;
  ++runs;
  held += result.verdict == sim::Verdict::kHeld;
  violated += result.verdict == sim::Verdict::kViolated;
  errors += result.verdict == sim::Verdict::kError;
  first_seed = runs == 1 ? result.seed : std::min(first_seed, result.seed);
  last_seed = std::max(last_seed, result.seed);
  events += result.events;
  commits += result.commits;
  dirty_pages += result.dirty_pages;
  virtual_ms += result.virtual_ms;
  cpu_s += result.cpu_ms / 1000;
  add_counts(faults, result.faults);
  add_counts(fault_sites, result.fault_sites);
  add_counts(invariants, result.invariants);
  add_counts(probes, result.probes);
  commits_of_runs_.push_back(static_cast<uint32_t>(result.commits));
  actors_of_runs_.push_back(static_cast<uint32_t>(result.committing_actors));
  struck_ += result.commits_struck > 0;
  staged_and_compacted_ += result.staged_commits > 0 && result.compactions > 0;
  shrunk_ += result.shrinks > 0;
  if (result.verdict == sim::Verdict::kHeld) return;
  FailureGroup& group = groups_[result.signature];
  if (group.count == 0 || ends_sooner(result, group.fastest.result)) group.fastest = record;
  group.signature = result.signature;
  ++group.count;
}

double Summary::seeds_per_core_minute() const {
  return cpu_s > 0 ? static_cast<double>(runs) / cpu_s * 60 : 0;
}
uint64_t Summary::median_commits() const { return median(commits_of_runs_); }
uint64_t Summary::median_committing_actors() const { return median(actors_of_runs_); }
double Summary::mean_dirty_pages() const { return share(dirty_pages, commits); }
double Summary::share_struck() const { return share(struck_, runs); }
double Summary::share_staged_and_compacted() const { return share(staged_and_compacted_, runs); }
double Summary::share_shrunk() const { return share(shrunk_, runs); }

std::vector<FailureGroup> Summary::failures() const {
  std::vector<FailureGroup> groups;
  for (const auto& [signature, group] : groups_) groups.push_back(group);
  std::stable_sort(groups.begin(), groups.end(),
                   [](const FailureGroup& a, const FailureGroup& b) { return a.count > b.count; });
  return groups;
}

std::vector<std::string> never_happened(const Summary& summary) {
  std::vector<std::string> names;
  add_never("fault", summary.faults, names);
  add_never("invariant", summary.invariants, names);
  add_never("probe", summary.probes, names);
  return names;
}

std::string to_json_line(const Summary& summary, const std::vector<std::string>& never) {
  nlohmann::ordered_json json;
  json["summary"] = true;
  json["runs"] = summary.runs;
  json["held"] = summary.held;
  json["violated"] = summary.violated;
  json["errors"] = summary.errors;
  json["first_seed"] = summary.first_seed;
  json["last_seed"] = summary.last_seed;
  json["cpu_s"] = summary.cpu_s;
  json["wall_s"] = summary.wall_s;
  json["seeds_per_core_minute"] = summary.seeds_per_core_minute();
  json["faults"] = summary.faults;
  json["fault_sites"] = summary.fault_sites;
  json["invariants"] = summary.invariants;
  json["probes"] = summary.probes;
  json["events"] = summary.events;
  json["commits"] = summary.commits;
  json["virtual_ms"] = summary.virtual_ms;
  json["median_commits"] = summary.median_commits();
  json["median_committing_actors"] = summary.median_committing_actors();
  json["mean_dirty_pages"] = summary.mean_dirty_pages();
  json["share_struck"] = summary.share_struck();
  json["share_staged_and_compacted"] = summary.share_staged_and_compacted();
  json["share_shrunk"] = summary.share_shrunk();
  auto& failures = json["failures"] = nlohmann::ordered_json::array();
  for (const FailureGroup& group : summary.failures()) {
    failures.push_back({{"signature", group.signature},
                        {"count", group.count},
                        {"scenario", group.fastest.result.scenario},
                        {"seed", group.fastest.result.seed},
                        {"capsule", group.fastest.capsule}});
  }
  json["never_happened"] = never;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace squall::reports
