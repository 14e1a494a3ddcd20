// What a sweep's runs come to. Made of run records alone, so that the lines of an interrupted
// sweep, or of several shards, give the same summary as one that ran through.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reports/run_record.h"

namespace squall::reports {

// Failures with one signature are one finding, shown by the run that ends soonest.
struct FailureGroup {
  std::string signature;
  uint64_t count = 0;
  RunRecord fastest;  // fewest events; the lowest seed among equals
};

class Summary {
 public:
  using Counts = std::map<std::string, uint64_t, std::less<>>;

  void add(const RunRecord& record);

  uint64_t runs = 0;
  uint64_t held = 0;
  uint64_t violated = 0;
  uint64_t errors = 0;
  uint64_t first_seed = 0;  // lowest and highest; 0 without runs
  uint64_t last_seed = 0;
  uint64_t events = 0;
  uint64_t commits = 0;
  uint64_t dirty_pages = 0;
  int64_t virtual_ms = 0;
  double cpu_s = 0;   // of the workers, plans included
  double wall_s = 0;  // set by the sweep; not known from records
  Counts faults;
  Counts fault_sites;
  Counts invariants;
  Counts probes;

  double seeds_per_core_minute() const;
  uint64_t median_commits() const;
  uint64_t median_committing_actors() const;
  double mean_dirty_pages() const;  // a commit
  // Shares of runs, 0 to 1.
  double share_struck() const;                // a crash or takeover met a commit in flight
  double share_staged_and_compacted() const;  // both a staged commit and a landed compaction
  double share_shrunk() const;

  // By falling count.
  std::vector<FailureGroup> failures() const;

 private:
  std::vector<uint32_t> commits_of_runs_;
  std::vector<uint32_t> actors_of_runs_;
  uint64_t struck_ = 0;
  uint64_t staged_and_compacted_ = 0;
  uint64_t shrunk_ = 0;
  std::map<std::string, FailureGroup> groups_;
};

// Names with a count of 0, each as "fault crash-node": what a large sweep must not leave untouched.
std::vector<std::string> never_happened(const Summary& summary);

// The last line of `sweep --json`, without the line's end. `never`: what should have happened and
// did not.
std::string to_json_line(const Summary& summary, const std::vector<std::string>& never);

}  // namespace squall::reports
