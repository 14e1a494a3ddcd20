// The head record, an actor's META row, schema 3: who owns the actor, where its history stands,
// what it stores. Every transaction of the engine that writes anything of the actor writes it too.
//
//   BARE, 128 bytes: 0 checksum u64 · 8 owner nonce u64 · 16 last commit's session u64 · 24 last
//   commit's sequence u64 · 32 owner start sequence u64 · 40 schema u32 = 3 · 44 page size u32 =
//   4096 · 48 generation u64 · 56 head txid u64 · 64 next txid u64 · 72 materialized txid u64 · 80
//   compaction epoch u64 · 88 last shrink txid u64 · 96 creation ms i64 · 104 storage used u64 ·
//   112 storage max u64 · 120 shard size u32 = 64 · 124 size in pages u32
//
// The checksum is XXH3-64, seeded with the actor's id, of everything after it. The size is fixed,
// so the usage that the record carries can count the record itself.
#pragma once

#include <cstdint>

#include "engine/keys.h"
#include "engine/messages.h"
#include "engine/planted.h"
#include "engine/result.h"
#include "engine/shared_bytes.h"

namespace squall {

inline constexpr size_t kHeadBytes = 128;
inline constexpr uint32_t kHeadSchema = 3;

// Holds: generation ≥ 1; next_txid is head_txid + 1, or + 2 while a staged commit is open;
// materialized_txid and last_shrink_txid ≤ head_txid; the last commit is no commit exactly while
// head_txid is 0.
struct Head {
  Owner owner;
  CommitId last_commit;
  uint64_t generation = 1;  // rises with each takeover
  uint64_t head_txid = 0;   // of the newest commit; 0: none yet
  uint64_t next_txid = 1;
  // No delta with a txid up to this one is live. Never falls; equal to head_txid in a converged
  // actor.
  uint64_t materialized_txid = 0;
  uint64_t compaction_epoch = 0;  // rises with each write of a compaction
  uint64_t last_shrink_txid = 0;  // the newest commit that made the database smaller
  int64_t creation_ts_ms = 0;
  uint64_t storage_used = 0;  // key + value bytes of all the actor's rows, this one included
  uint64_t storage_max = 0;
  uint32_t size_pages = 0;

  bool stage_open() const { return next_txid == head_txid + 2; }
  HeadView view() const { return {generation, head_txid, size_pages}; }
  friend bool operator==(const Head&, const Head&) = default;
};

SharedBytes encode_head(ActorId actor, const Head& head);
// kCorrupt when anything above does not hold of the bytes.
Result<Head> decode_head(ActorId actor, std::string_view bytes);

// What the index rows and all small rows of the actor depend on, in the order of time: equal tags,
// equal rows.
struct HeadTag {
  uint64_t generation = 0;
  uint64_t head_txid = 0;
  uint64_t compaction_epoch = 0;
  friend auto operator<=>(const HeadTag&, const HeadTag&) = default;
};
inline HeadTag tag_of(const Head& head) {
  HeadTag tag{head.generation, head.head_txid, head.compaction_epoch};
  // Planted: each forgets one way in which the rows change behind a node's back.
  if (planted(Defect::kTwoCoordinatorsFoldTwice)) tag.generation = 0;
  if (planted(Defect::kForeignCommitLeavesIndexStale)) tag.head_txid = 0;
  if (planted(Defect::kCompactionLeavesIndexStale)) tag.compaction_epoch = 0;
  return tag;
}

}  // namespace squall
