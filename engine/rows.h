// The values of the small rows. All are BARE and begin with a checksum u32: the low half of
// XXH3-64, seeded with the actor's id, of the row's key followed by the rest of the value. So a row
// that lies under a wrong key is refused.
//
//   PIDX         checksum u32 · txid u64 · chunk u16 · pieces u16
//   size         checksum u32 · last pgno u32 · pieces u32 · stored bytes u64
//   STAGE        checksum u32 · commit session u64 · commit sequence u64 · txid u64 · generation
//                u64 · stored bytes u64
//   STAGE chunk  checksum u32 · file checksum u64 · stored bytes u64 · pieces u32 · page numbers
//                (u32 each, rising)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/keys.h"
#include "engine/result.h"
#include "engine/shared_bytes.h"

namespace squall {

// Chunks of one commit and pieces of one blob stay below this: PIDX rows hold them in 16 bits.
inline constexpr uint32_t kMaxChunks = 65536;
inline constexpr uint32_t kMaxPieces = 65535;

// Where the newest copy of a page lies while it is in a delta. pieces: of that blob, so that it is
// read in one go.
struct IndexRow {
  uint64_t txid = 0;
  uint16_t chunk = 0;
  uint16_t pieces = 0;
  DeltaName delta() const { return {txid, chunk}; }
  friend bool operator==(const IndexRow&, const IndexRow&) = default;
};

// What one blob takes: its own rows (first value and pieces, keys and values), not the size row.
struct SizeRow {
  uint32_t last_pgno = 0;  // the highest page in the blob
  uint32_t pieces = 0;     // 0: the blob lies in its first value
  uint64_t stored_bytes = 0;
  friend bool operator==(const SizeRow&, const SizeRow&) = default;
};

// The open staged commit. stored_bytes: of its chunks' blobs, size rows and manifest rows, not of
// this row.
struct StageRow {
  CommitId commit_id;
  uint64_t txid = 0;
  uint64_t generation = 0;
  uint64_t stored_bytes = 0;
  friend bool operator==(const StageRow&, const StageRow&) = default;
};

// stored_bytes: as in the chunk's size row, blob only.
struct StageChunkRow {
  uint64_t file_checksum = 0;
  uint64_t stored_bytes = 0;
  uint32_t pieces = 0;
  std::vector<uint32_t> pgnos;
  friend bool operator==(const StageChunkRow&, const StageChunkRow&) = default;
};

inline constexpr size_t kIndexValueBytes = 16;
inline constexpr size_t kSizeValueBytes = 20;
inline constexpr size_t kStageValueBytes = 44;
inline constexpr size_t kStageChunkFixedBytes = 24;
// Key and value.
inline constexpr size_t kIndexRowBytes = kIndexKeyBytes + kIndexValueBytes;

SharedBytes encode_index_row(ActorId actor, std::string_view key, const IndexRow& row);
SharedBytes encode_size_row(ActorId actor, std::string_view key, const SizeRow& row);
SharedBytes encode_stage_row(ActorId actor, std::string_view key, const StageRow& row);
SharedBytes encode_stage_chunk_row(ActorId actor, std::string_view key, const StageChunkRow& row);

// "row 0200…0007 of actor 3": the key in hexadecimal.
std::string describe_row(ActorId actor, std::string_view key);

// kCorrupt, naming actor and row, when length, checksum or content is off.
Result<IndexRow> decode_index_row(ActorId actor, std::string_view key, std::string_view value);
Result<SizeRow> decode_size_row(ActorId actor, std::string_view key, std::string_view value);
Result<StageRow> decode_stage_row(ActorId actor, std::string_view key, std::string_view value);
Result<StageChunkRow> decode_stage_chunk_row(ActorId actor, std::string_view key,
                                             std::string_view value);

}  // namespace squall
