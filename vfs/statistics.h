// What one session's VFS counted since it was made.
#pragma once

#include <cstdint>

namespace squall {

struct VfsStatistics {
  uint64_t commits = 0;          // acknowledged by the engine, staged ones included
  uint64_t staged_commits = 0;   // acknowledged
  uint64_t refused_commits = 0;  // definitely refused: SQLITE_FULL
  uint64_t atomic_commits = 0;   // COMMIT_ATOMIC calls that had pages
  uint64_t empty_commits = 0;    // COMMIT_ATOMIC calls without pages, which stay here
  uint64_t sync_commits = 0;     // commits by a sync outside a batch
  uint64_t retries = 0;          // requests sent again
  uint64_t fetches = 0;          // get-pages requests, each attempt
  uint64_t pages_fetched = 0;
  uint64_t pages_prefetched = 0;  // of these, by prediction
  uint64_t cache_hits = 0;
  uint64_t writes = 0;  // xWrite calls on the database
  uint64_t writes_outside_batch = 0;
  uint64_t journal_opens = 0;  // xOpen calls for a rollback journal
};

}  // namespace squall
