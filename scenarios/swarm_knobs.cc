#include "scenarios/swarm.h"

namespace squall::scenarios {

namespace {

constexpr int64_t kKiB = 1 << 10;
constexpr int64_t kMiB = 1 << 20;

void draw_vfs_knobs(const Draw& draw, const SwarmFeatures& features, sim::Knobs* knobs) {
  knobs->vfs_profile = draw.pick<int64_t>("vfs-profile", {0, 0, 0, 0, 0, 0, 0, 1, 2, 2});
  knobs->prefetch = draw.between("prefetch", 0, 1);
  knobs->batch_atomic = draw.percent("no-batches", 10) ? 0 : 1;
  // A staged commit queues dozens of requests on one connection before the one that it waits for.
  knobs->request_timeout_ms = features.staged
                                  ? draw.pick<int64_t>("staged-request-timeout", {10'000, 30'000})
                                  : draw.pick<int64_t>("request-timeout", {500, 2'000, 30'000});
  knobs->commit_attempts = draw.pick<int64_t>("commit-attempts", {1, 2, 4, 8, 16});
  if (features.staged) {
    knobs->max_delta_bytes = draw.pick<int64_t>("max-delta", {64 * kKiB, 64 * kKiB, 128 * kKiB});
    knobs->stage_chunk_bytes =
        draw.pick<int64_t>("stage-chunk", {8 * kKiB, 16 * kKiB, 32 * kKiB, 64 * kKiB});
  }
  if (features.cold_caches) {
    knobs->page_cache_pages = draw.pick<int64_t>("page-cache", {2, 8, 24, 4096});
    knobs->sqlite_cache_pages = draw.pick<int64_t>("sqlite-cache", {4, 10, 30});
    knobs->preload_bytes = draw.pick<int64_t>("preload", {4 * kKiB, 16 * kKiB, kMiB});
  }
}

void draw_compaction_knobs(const Draw& draw, const SwarmFeatures& features, sim::Knobs* knobs) {
  knobs->shards_per_pass = draw.pick<int64_t>("shards-per-pass", {1, 2, 8});
  if (!features.compaction) {
    knobs->compact_deltas = 100'000;
    knobs->compact_takeover_deltas = 100'000;
    return;
  }
  knobs->compact_deltas = draw.scaled("compact-deltas", 4, 64);
  if (features.small_pieces) knobs->compact_deltas = draw.between("compact-often", 2, 8);
  knobs->compact_takeover_deltas = draw.pick<int64_t>("compact-takeover", {2, 8, 32});
  knobs->compact_soft_bytes = draw.pick<int64_t>("compact-soft", {128 * kKiB, 16 * kMiB});
  knobs->compact_hard_bytes =
      draw.pick<int64_t>("compact-hard", {192 * kKiB, 2 * kMiB, 200 * kMiB, 200 * kMiB});
  knobs->compact_idle_ms = draw.pick<int64_t>("compact-idle", {100, 1'000, 5'000});
}

void draw_engine_knobs(const Draw& draw, const SwarmFeatures& features, sim::Knobs* knobs) {
  knobs->value_piece_bytes = draw.pick<int64_t>("value-piece", {2'000, 10'000, 10'000, 100'000});
  // The smallest lie among the sizes of ordinary commits, so that some hit the edge exactly.
  knobs->inline_value_bytes = draw.percent("small-inline-values", 25)
                                  ? draw.between("small-inline-value", 600, 2'400)
                                  : draw.pick<int64_t>("inline-value", {20'000, 100'000, 100'000});
  knobs->index_cache_actors = draw.pick<int64_t>("index-cache", {1, 2, 10'000, 10'000});
  knobs->blob_cache_bytes = draw.pick<int64_t>("blob-cache", {0, 64 * kKiB, 4 * kMiB, 4 * kMiB});
  if (features.small_pieces) {
    knobs->inline_value_bytes = draw.pick<int64_t>("small-inline", {1'500, 1'500, 4'000});
    knobs->value_piece_bytes = 1'000;
    knobs->blob_cache_bytes = 4 * kMiB;
  }
  // About as much as the staged commits of a script take.
  if (draw.percent("small-stages", 15)) {
    knobs->max_staged_bytes = draw.between("staged-bytes", 24 * kKiB, 160 * kKiB);
  }
  if (features.tight_quota) {
    knobs->storage_max_bytes = draw.scaled("storage-max", 32 * kKiB, 256 * kKiB);
  }
}

void draw_world_knobs(const Draw& draw, sim::Knobs* knobs) {
  knobs->hosts = draw.pick<int64_t>("hosts", {1, 2, 2, 3, 4});
  knobs->nodes = draw.pick<int64_t>("nodes", {1, 1, 2, 2, 3, 4});
  knobs->network_latency_us = draw.scaled("network-latency", 50, 5'000);
  knobs->store_latency_us = draw.scaled("store-latency", 200, 20'000);
  knobs->latency_spread = draw.pick<int64_t>("latency-spread", {1, 4, 20});
  knobs->restart_ms = draw.scaled("restart", 10, 3'000);
  knobs->message_codec = draw.percent("message-codec", 25) ? 1 : 0;
  knobs->queue_requests = draw.pick<int64_t>("queue", {64, 4'096});
  knobs->zombie_transactions = draw.between("zombies", 0, 4);
  knobs->rude_requests = draw.percent("rude", 30) ? draw.between("rude-requests", 6, 24) : 0;
  knobs->tenant_transactions =
      draw.percent("tenant", 35) ? draw.between("tenant-transactions", 8, 24) : 0;
  knobs->store_timeout_ms = draw.pick<int64_t>("store-timeout", {0, 0, 0, 1'000, 5'000});
  if (draw.percent("small-pass", 15))
    knobs->pass_input_bytes = draw.scaled("pass-input", kKiB, 32 * kKiB);
  // Packing is what most of a small commit's time would go to, and hardly any bug depends on it.
  knobs->lz4_acceleration = draw.pick<int64_t>("lz4-acceleration", {1, 8, 8, 8});
  knobs->store_attempts = draw.pick<int64_t>("store-attempts", {10, 10, 10, 10, 4, 2});
}

}  // namespace

sim::Knobs draw_swarm_knobs(const Draw& draw, const SwarmFeatures& features) {
  sim::Knobs knobs;
  draw_vfs_knobs(draw, features, &knobs);
  draw_compaction_knobs(draw, features, &knobs);
  draw_engine_knobs(draw, features, &knobs);
  draw_world_knobs(draw, &knobs);
  return knobs;
}

}  // namespace squall::scenarios
