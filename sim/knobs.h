// The settings of a run, all integers, one row each in knobs.cc (name, default, range, what it
// does). Swarm draws them; a capsule and `squall run --json` name every one. A new knob's default
// is what runs did before there was one: so do capsules that don't name it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace squall::sim {

struct Knobs {
  int64_t hosts = 2;
  int64_t nodes = 1;
  // The VFS.
  int64_t vfs_profile = 0;  // 0 default, 1 original, 2 fallback
  int64_t page_cache_pages = 4096;
  int64_t max_delta_bytes = 8 << 20;
  int64_t stage_chunk_bytes = 256 << 10;
  int64_t prefetch = 1;
  int64_t batch_atomic = 1;  // 0: SQLite knows no batch-atomic writes
  int64_t request_timeout_ms = 30'000;
  int64_t commit_attempts = 8;
  int64_t sqlite_cache_pages = 200;
  int64_t preload_bytes = 1 << 20;
  // The engine.
  int64_t compact_deltas = 64;
  int64_t compact_takeover_deltas = 32;
  int64_t compact_soft_bytes = 16 << 20;
  int64_t compact_hard_bytes = 200 << 20;
  int64_t compact_idle_ms = 5'000;
  int64_t shards_per_pass = 8;
  int64_t value_piece_bytes = 10'000;
  int64_t inline_value_bytes = 100'000;
  int64_t index_cache_actors = 10'000;
  int64_t blob_cache_bytes = 4 << 20;
  int64_t max_staged_bytes = 256 << 20;
  int64_t storage_max_bytes = int64_t{10} << 30;
  // The world.
  int64_t network_latency_us = 500;
  int64_t store_latency_us = 2'000;
  int64_t latency_spread = 4;  // slowest link / fastest link
  int64_t restart_ms = 500;
  int64_t store_profile = 0;        // 0 FoundationDB's rules, 1 those of the original's store layer
  int64_t queue_requests = 4096;    // that a node holds for one connection, or a host without one
  int64_t message_codec = 0;        // 1: each message goes through its codec and back
  int64_t oracle = 1;               // 0: no checks at all (bench only)
  int64_t zombie_transactions = 2;  // how many transactions a left session goes on to try
  int64_t tenant_transactions = 0;  // of each member of the store's other tenant
  int64_t store_timeout_ms = 0;     // of an attempt at a store transaction; 0: none
  int64_t store_attempts = 10;      // at one store transaction
  int64_t rude_requests = 0;        // of a client that nobody should serve
  // The engine again.
  int64_t pass_input_bytes = 32 << 20;
  int64_t lz4_acceleration = 1;
};

struct KnobInfo {
  std::string_view name;  // as the member
  int64_t Knobs::*member;
  int64_t least;
  int64_t most;
  std::string_view description;
};
std::span<const KnobInfo> knob_table();

}  // namespace squall::sim
