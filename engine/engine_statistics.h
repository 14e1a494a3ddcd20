// Counts of what one engine node did since it started.
#pragma once

#include <cstdint>

namespace squall {

struct EngineStatistics {
  uint64_t commits = 0;  // plain and staged, landed
  uint64_t staged_commits = 0;
  uint64_t commits_recognised = 0;  // answered again by their id
  uint64_t takeovers = 0;
  uint64_t takeovers_replayed = 0;
  uint64_t fences = 0;
  uint64_t quota_refusals = 0;
  uint64_t page_reads = 0;         // pages answered
  uint64_t index_loads = 0;        // from the store
  uint64_t compaction_passes = 0;  // that wrote
  uint64_t compaction_stale = 0;   // that found the actor changed
  uint64_t compaction_failures = 0;
  uint64_t latches = 0;
  uint64_t shards_written = 0;
  uint64_t deltas_deleted = 0;
};

}  // namespace squall
