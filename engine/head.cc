#include "engine/head.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "engine/bare.h"
#include "engine/page.h"

namespace squall {
namespace {

constexpr size_t kChecksumAt = 0;
constexpr size_t kOwnerNonceAt = 8;
constexpr size_t kCommitSessionAt = 16;
constexpr size_t kCommitSequenceAt = 24;
constexpr size_t kOwnerSequenceAt = 32;
constexpr size_t kSchemaAt = 40;
constexpr size_t kPageSizeAt = 44;
constexpr size_t kGenerationAt = 48;
constexpr size_t kHeadTxidAt = 56;
constexpr size_t kNextTxidAt = 64;
constexpr size_t kMaterializedTxidAt = 72;
constexpr size_t kCompactionEpochAt = 80;
constexpr size_t kLastShrinkAt = 88;
constexpr size_t kCreationAt = 96;
constexpr size_t kStorageUsedAt = 104;
constexpr size_t kStorageMaxAt = 112;
constexpr size_t kShardSizeAt = 120;
constexpr size_t kSizePagesAt = 124;
static_assert(kSizePagesAt + sizeof(uint32_t) == kHeadBytes);

uint64_t checksum(ActorId actor, const char* record) {
  return XXH3_64bits_withSeed(record + kOwnerNonceAt, kHeadBytes - kOwnerNonceAt, actor);
}

const char* broken_rule(const char* in, const Head& head) {
  if (bare::load<uint32_t>(in + kSchemaAt) != kHeadSchema) return "its schema is not 3";
  if (bare::load<uint32_t>(in + kPageSizeAt) != kPageSizeBytes) return "its page size is not 4096";
  if (bare::load<uint32_t>(in + kShardSizeAt) != kPagesPerShard) return "its shard size is not 64";
  if (head.generation == 0) return "its generation is 0";
  if (head.next_txid != head.head_txid + 1 && !head.stage_open()) return "its next txid is off";
  if (head.materialized_txid > head.head_txid) return "it is materialized past its head";
  if (head.last_shrink_txid > head.head_txid) return "it shrank past its head";
  if ((head.last_commit == CommitId{}) != (head.head_txid == 0)) return "its last commit is off";
  return nullptr;
}

}  // namespace

SharedBytes encode_head(ActorId actor, const Head& head) {
  return SharedBytes::build(kHeadBytes, [&](char* out) {
    bare::store(out + kOwnerNonceAt, head.owner.nonce);
    bare::store(out + kCommitSessionAt, head.last_commit.session);
    bare::store(out + kCommitSequenceAt, head.last_commit.sequence);
    bare::store(out + kOwnerSequenceAt, head.owner.start_sequence);
    bare::store(out + kSchemaAt, kHeadSchema);
    bare::store(out + kPageSizeAt, kPageSizeBytes);
    bare::store(out + kGenerationAt, head.generation);
    bare::store(out + kHeadTxidAt, head.head_txid);
    bare::store(out + kNextTxidAt, head.next_txid);
    bare::store(out + kMaterializedTxidAt, head.materialized_txid);
    bare::store(out + kCompactionEpochAt, head.compaction_epoch);
    bare::store(out + kLastShrinkAt, head.last_shrink_txid);
    bare::store(out + kCreationAt, head.creation_ts_ms);
    bare::store(out + kStorageUsedAt, head.storage_used);
    bare::store(out + kStorageMaxAt, head.storage_max);
    bare::store(out + kShardSizeAt, kPagesPerShard);
    bare::store(out + kSizePagesAt, head.size_pages);
    bare::store(out + kChecksumAt, checksum(actor, out));
  });
}

Result<Head> decode_head(ActorId actor, std::string_view bytes) {
  const auto corrupt = [&](const char* why) {
    return fail(ErrorCode::kCorrupt, fmt::format("head record of actor {}: {}", actor, why));
  };
  if (bytes.size() != kHeadBytes) return corrupt("its length is not 128 bytes");
  const char* in = bytes.data();
  if (bare::load<uint64_t>(in + kChecksumAt) != checksum(actor, in))
    return corrupt("its checksum is wrong");
  Head head;
  head.owner = {bare::load<uint64_t>(in + kOwnerSequenceAt),
                bare::load<uint64_t>(in + kOwnerNonceAt)};
  head.last_commit = {bare::load<uint64_t>(in + kCommitSessionAt),
                      bare::load<uint64_t>(in + kCommitSequenceAt)};
  head.generation = bare::load<uint64_t>(in + kGenerationAt);
  head.head_txid = bare::load<uint64_t>(in + kHeadTxidAt);
  head.next_txid = bare::load<uint64_t>(in + kNextTxidAt);
  head.materialized_txid = bare::load<uint64_t>(in + kMaterializedTxidAt);
  head.compaction_epoch = bare::load<uint64_t>(in + kCompactionEpochAt);
  head.last_shrink_txid = bare::load<uint64_t>(in + kLastShrinkAt);
  head.creation_ts_ms = bare::load<int64_t>(in + kCreationAt);
  head.storage_used = bare::load<uint64_t>(in + kStorageUsedAt);
  head.storage_max = bare::load<uint64_t>(in + kStorageMaxAt);
  head.size_pages = bare::load<uint32_t>(in + kSizePagesAt);
  if (const char* rule = broken_rule(in, head)) return corrupt(rule);
  return head;
}

}  // namespace squall
