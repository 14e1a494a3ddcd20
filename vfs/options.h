// What a session's VFS can be told.
#pragma once

#include <cstddef>
#include <cstdint>

namespace squall {

// How SQLite commits on the VFS. In each, one SQLite transaction is at most one engine commit.
enum class Profile : uint8_t {
  // The journal is in SQLite's memory, its cache never spills: every write is in one atomic batch.
  kDefault,
  // journal_mode=DELETE on a batch-atomic device: after a cache spill SQLite journals until reopen.
  kOriginal,
  // A device without batch-atomic writes: journal file, writes, and the sync that commits.
  kFallback,
};

// How long an operation whose outcome is unknown is asked again before the session gives up and
// dies.
struct RetryPolicy {
  uint32_t attempts = 8;          // requests sent at most, the first included; at least 1
  int64_t first_backoff_ms = 50;  // wait after the first unknown outcome; doubles each time
  int64_t max_backoff_ms = 2'000;
};

struct VfsOptions {
  Profile profile = Profile::kDefault;
  size_t page_cache_pages = 4096;
  size_t max_delta_bytes = 8 << 20;      // raw dirty bytes; a larger commit is staged
  size_t stage_chunk_bytes = 256 << 10;  // raw bytes of a staged chunk
  int lz4_acceleration = 1;              // of its pages (lz4_block.h)
  bool prefetch = true;
  RetryPolicy retry;
};

}  // namespace squall
