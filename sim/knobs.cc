#include "sim/knobs.h"

#include <array>

namespace squall::sim {

namespace {

constexpr int64_t kKiB = 1 << 10;
constexpr int64_t kMiB = 1 << 20;
constexpr int64_t kMany = int64_t{1} << 40;

constexpr std::array kKnobs = std::to_array<KnobInfo>({
    {"hosts", &Knobs::hosts, 1, 64, "hosts that run actors"},
    {"nodes", &Knobs::nodes, 1, 16, "engine nodes, each with its own caches and workers"},
    {"vfs_profile", &Knobs::vfs_profile, 0, 2,
     "0 default, 1 original, 2 fallback without batch-atomic writes"},
    {"page_cache_pages", &Knobs::page_cache_pages, 1, 1'000'000,
     "pages that the VFS of an actor caches"},
    {"max_delta_bytes", &Knobs::max_delta_bytes, 4 * kKiB, 9 * kMiB,
     "raw bytes of a commit above which it goes the staged way"},
    {"stage_chunk_bytes", &Knobs::stage_chunk_bytes, 4 * kKiB, 4 * kMiB,
     "raw bytes of a staged chunk"},
    {"prefetch", &Knobs::prefetch, 0, 1, "1: a page fetch guesses the next pages"},
    {"batch_atomic", &Knobs::batch_atomic, 0, 1,
     "0: SQLite is as one built without batch-atomic writes"},
    {"request_timeout_ms", &Knobs::request_timeout_ms, 10, 600'000,
     "until a request counts as lost"},
    {"commit_attempts", &Knobs::commit_attempts, 1, 1'000, "how often the VFS sends one commit"},
    {"sqlite_cache_pages", &Knobs::sqlite_cache_pages, 1, 1'000'000, "PRAGMA cache_size"},
    {"preload_bytes", &Knobs::preload_bytes, 4 * kKiB, 8 * kMiB,
     "raw page bytes that a takeover sends along"},
    {"compact_deltas", &Knobs::compact_deltas, 1, 100'000, "live deltas that wake the compaction"},
    {"compact_takeover_deltas", &Knobs::compact_takeover_deltas, 1, 100'000,
     "the same at a takeover"},
    {"compact_soft_bytes", &Knobs::compact_soft_bytes, 4 * kKiB, kMany,
     "live delta bytes that wake the compaction"},
    {"compact_hard_bytes", &Knobs::compact_hard_bytes, 4 * kKiB, kMany,
     "live delta bytes that delay commits"},
    {"compact_idle_ms", &Knobs::compact_idle_ms, 1, 3'600'000,
     "quiet time after which an actor is compacted"},
    {"shards_per_pass", &Knobs::shards_per_pass, 1, 64, "shards that one compaction pass folds"},
    {"value_piece_bytes", &Knobs::value_piece_bytes, 100, 100'000,
     "size of a piece of a value too large to be inline"},
    {"inline_value_bytes", &Knobs::inline_value_bytes, 100, 100'000,
     "largest stored value that is kept whole"},
    {"index_cache_actors", &Knobs::index_cache_actors, 1, 1'000'000,
     "actors whose page index a node caches"},
    {"blob_cache_bytes", &Knobs::blob_cache_bytes, 0, kMany,
     "bytes of checked blobs that a node keeps open"},
    {"max_staged_bytes", &Knobs::max_staged_bytes, 4 * kKiB, kMany,
     "bytes that one staged commit may hold"},
    {"storage_max_bytes", &Knobs::storage_max_bytes, 4 * kKiB, kMany, "quota of an actor"},
    {"network_latency_us", &Knobs::network_latency_us, 0, 10'000'000,
     "nominal time of a message, one way"},
    {"store_latency_us", &Knobs::store_latency_us, 0, 10'000'000,
     "nominal time of a store round trip"},
    {"latency_spread", &Knobs::latency_spread, 1, 1'000, "slowest link through fastest link"},
    {"restart_ms", &Knobs::restart_ms, 1, 600'000, "from the death of a process to its restart"},
    {"store_profile", &Knobs::store_profile, 0, 1,
     "0 FoundationDB's rules, 1 the original's: torn reads, symmetric conflicts"},
    {"queue_requests", &Knobs::queue_requests, 1, 1'000'000,
     "requests that a node queues for one connection, or a host that has none"},
    {"message_codec", &Knobs::message_codec, 0, 1,
     "1: each message goes through its codec and back"},
    {"oracle", &Knobs::oracle, 0, 1, "0: no checks at all, for the benchmark only"},
    {"zombie_transactions", &Knobs::zombie_transactions, 0, 1'000,
     "transactions that a session left by its client goes on to try"},
    {"rude_requests", &Knobs::rude_requests, 0, 100'000,
     "malformed, stale and too large requests that somebody sends to the nodes"},
    {"tenant_transactions", &Knobs::tenant_transactions, 0, 1'000,
     "transactions that each member of the store's other tenant makes"},
    {"store_timeout_ms", &Knobs::store_timeout_ms, 0, 600'000,
     "until a node gives up an attempt at a store transaction; 0: it waits as long as it takes"},
    {"store_attempts", &Knobs::store_attempts, 1, 1'000,
     "attempts of a node at one store transaction"},
    {"pass_input_bytes", &Knobs::pass_input_bytes, 1, kMany,
     "stored delta bytes that one compaction pass reads, beyond those of its first shard"},
    {"lz4_acceleration", &Knobs::lz4_acceleration, 1, 64,
     "1 packs pages best; more takes less time"},
});

}  // namespace

std::span<const KnobInfo> knob_table() { return kKnobs; }

}  // namespace squall::sim
