#include "sim/engine_knobs.h"

namespace squall::sim {

EngineOptions engine_options(const Knobs& knobs) {
  EngineOptions options;
  options.max_delta_bytes = static_cast<uint64_t>(knobs.max_delta_bytes);
  options.max_staged_bytes = static_cast<uint64_t>(knobs.max_staged_bytes);
  options.lz4_acceleration = static_cast<int>(knobs.lz4_acceleration);
  options.blob.inline_bytes = static_cast<uint32_t>(knobs.inline_value_bytes);
  options.blob.piece_bytes = static_cast<uint32_t>(knobs.value_piece_bytes);
  options.storage_max = static_cast<uint64_t>(knobs.storage_max_bytes);
  options.max_preload_bytes = static_cast<uint32_t>(knobs.preload_bytes);
  options.compaction_takeover_deltas = static_cast<uint32_t>(knobs.compact_takeover_deltas);
  options.compaction_deltas = static_cast<uint32_t>(knobs.compact_deltas);
  options.compaction_soft_bytes = static_cast<uint64_t>(knobs.compact_soft_bytes);
  options.compaction_hard_bytes = static_cast<uint64_t>(knobs.compact_hard_bytes);
  options.compaction_idle_us = knobs.compact_idle_ms * 1000;
  options.shards_per_pass = static_cast<uint32_t>(knobs.shards_per_pass);
  options.pass_input_bytes = static_cast<uint64_t>(knobs.pass_input_bytes);
  options.cached_actors = static_cast<uint32_t>(knobs.index_cache_actors);
  options.retry.store_timeout_us = knobs.store_timeout_ms * 1000;
  options.retry.max_attempts = static_cast<uint32_t>(knobs.store_attempts);
  options.cached_blob_bytes = static_cast<uint64_t>(knobs.blob_cache_bytes);
  return options;
}

}  // namespace squall::sim
