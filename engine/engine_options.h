// The knobs of an engine node.
#pragma once

#include <cstdint>

#include "engine/store.h"

namespace squall {

// How a blob becomes store values (chunked_value.h).
struct BlobLimits {
  uint32_t inline_bytes =
      kMaxValueBytes;  // longest single value, marker included; at most the store's limit
  uint32_t piece_bytes = 10'000;  // 1000 to the store's limit
};

struct RetryLimits {
  uint32_t max_attempts = 10;    // of one store transaction, at least 1
  int64_t store_timeout_us = 0;  // of each attempt's waits; 0: the store's own limits only
};

struct EngineOptions {
  uint64_t max_delta_bytes = 8 << 20;        // raw pages of a plain commit; above: the staged path
  uint64_t max_stage_chunk_bytes = 5 << 20;  // one chunk's blob; a transaction holds one
  uint64_t max_staged_bytes = 256 << 20;     // what the open staged commit of an actor may store
  int lz4_acceleration = 1;                  // of the pages of a commit (lz4_block.h)
  BlobLimits blob;
  RetryLimits retry;

  uint64_t storage_max = uint64_t{10} << 30;  // quota of a new actor
  uint32_t max_preload_bytes = 1 << 20;       // upper bound on what a takeover may ask for

  uint32_t compaction_takeover_deltas = 32;    // live deltas at a takeover that wake compaction
  uint32_t compaction_deltas = 64;             // live deltas that wake it
  uint64_t compaction_soft_bytes = 16 << 20;   // live delta bytes that wake it
  uint64_t compaction_hard_bytes = 200 << 20;  // live delta bytes from which commits wait for it
  int64_t backpressure_wait_us = 1'000'000;    // how long such a commit waits at most
  int64_t compaction_idle_us = 5'000'000;      // without a commit: fold all that is left
  uint32_t shards_per_pass = 8;                // 1 to 24: one transaction writes them
  uint64_t pass_input_bytes = 32 << 20;  // stored delta bytes that a pass reads, one shard at least
  uint32_t compaction_workers = 4;       // running at once on this node
  uint32_t latch_after_conflicts =
      3;  // lost tries after which a worker makes the actor's commits wait
  int64_t latch_wait_us = 2'000'000;  // how long such a commit waits at most

  uint32_t cached_actors = 1024;          // actors whose index stays in memory
  uint64_t cached_blob_bytes = 64 << 20;  // stored bytes of the blobs that stay open
};

}  // namespace squall
