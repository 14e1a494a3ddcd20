// Keys of one actor's rows. All begin with 0x02 and the actor's id (8 bytes); integers are
// big-endian, so that the store's order is the order of the numbers.
//
//   02 actor 01                      META            the head record (head.h)
//   02 actor 02                      STAGE           the open staged commit (rows.h)
//   02 actor 02 chunk u32            STAGE chunk     its manifest, one row a chunk
//   02 actor 03 pgno u32             PIDX            which delta chunk holds the newest copy of the
//                                    page
//   02 actor 04 txid u64 chunk u32   DELTA size      what the delta chunk takes in the store
//   02 actor 05 shard u32            SHARD size      what the shard takes in the store
//   02 actor 06 txid u64 chunk u32   DELTA           blob (chunked_value.h)
//   02 actor 07 shard u32            SHARD           blob of the pages [shard * 64, shard * 64 +
//                                    63]
//   … DELTA or SHARD, piece u16      a piece of a blob that is too long for one value
//
// The small rows lie together before the blobs: META to PIDX is what a cold load reads in one
// range, META to SHARD size what a takeover and a compaction read.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/big_endian.h"
#include "engine/messages.h"

namespace squall {

inline constexpr uint32_t kPagesPerShard = 64;
inline constexpr uint32_t shard_of(uint32_t pgno) { return pgno / kPagesPerShard; }

// A key of at most 24 bytes, built in place.
class Key {
 public:
  static constexpr size_t kMaxBytes = 24;

  std::string_view view() const { return {bytes_, size_}; }
  operator std::string_view() const { return view(); }
  size_t size() const { return size_; }

  void append_u8(uint8_t value) { bytes_[size_++] = static_cast<char>(value); }
  void append_u16(uint16_t value) { put_u16(advance(sizeof value), value); }
  void append_u32(uint32_t value) { put_u32(advance(sizeof value), value); }
  void append_u64(uint64_t value) { put_u64(advance(sizeof value), value); }

  friend bool operator==(const Key& a, const Key& b) { return a.view() == b.view(); }
  template <typename H>
  friend H AbslHashValue(H hash, const Key& key) {
    return H::combine(std::move(hash), key.view());
  }

 private:
  char* advance(size_t size_bytes) {
    char* out = bytes_ + size_;
    size_ = static_cast<uint8_t>(size_ + size_bytes);
    return out;
  }

  uint8_t size_ = 0;
  char bytes_[kMaxBytes];
};

enum class RowTag : uint8_t {
  kHead = 1,
  kStage = 2,
  kIndex = 3,
  kDeltaSize = 4,
  kShardSize = 5,
  kDelta = 6,
  kShard = 7,
};

inline constexpr uint8_t kActorKeyByte = 0x02;
inline constexpr size_t kHeadKeyBytes = 10;
inline constexpr size_t kIndexKeyBytes = 14;
inline constexpr size_t kDeltaKeyBytes = 22;
inline constexpr size_t kShardKeyBytes = 14;
inline constexpr size_t kStageChunkKeyBytes = 14;
inline constexpr size_t kPieceSuffixBytes = 2;

// Names one delta blob of an actor. Chunk 0 is the only one of a plain commit.
struct DeltaName {
  uint64_t txid = 0;
  uint32_t chunk = 0;
  friend auto operator<=>(const DeltaName&, const DeltaName&) = default;
};

inline Key tag_key(ActorId actor, RowTag tag) {
  Key key;
  key.append_u8(kActorKeyByte);
  key.append_u64(actor);
  key.append_u8(static_cast<uint8_t>(tag));
  return key;
}
// The first key after every row of the tag.
inline Key tag_end_key(ActorId actor, RowTag tag) {
  return tag_key(actor, static_cast<RowTag>(static_cast<uint8_t>(tag) + 1));
}

inline Key head_key(ActorId actor) { return tag_key(actor, RowTag::kHead); }
inline Key stage_key(ActorId actor) { return tag_key(actor, RowTag::kStage); }
inline Key numbered_key(ActorId actor, RowTag tag, uint32_t number) {
  Key key = tag_key(actor, tag);
  key.append_u32(number);
  return key;
}
inline Key stage_chunk_key(ActorId actor, uint32_t chunk) {
  return numbered_key(actor, RowTag::kStage, chunk);
}
inline Key index_key(ActorId actor, uint32_t pgno) {
  return numbered_key(actor, RowTag::kIndex, pgno);
}
inline Key shard_size_key(ActorId actor, uint32_t shard) {
  return numbered_key(actor, RowTag::kShardSize, shard);
}
inline Key shard_key(ActorId actor, uint32_t shard) {
  return numbered_key(actor, RowTag::kShard, shard);
}
inline Key delta_row_key(ActorId actor, RowTag tag, DeltaName name) {
  Key key = tag_key(actor, tag);
  key.append_u64(name.txid);
  key.append_u32(name.chunk);
  return key;
}
inline Key delta_size_key(ActorId actor, DeltaName name) {
  return delta_row_key(actor, RowTag::kDeltaSize, name);
}
inline Key delta_key(ActorId actor, DeltaName name) {
  return delta_row_key(actor, RowTag::kDelta, name);
}
// The first key of a transaction's DELTA or DELTA size rows; that of txid + 1 is their end.
inline Key delta_txid_key(ActorId actor, RowTag tag, uint64_t txid) {
  Key key = tag_key(actor, tag);
  key.append_u64(txid);
  return key;
}
inline Key piece_key(Key blob_key, uint16_t piece) {
  blob_key.append_u16(piece);
  return blob_key;
}

}  // namespace squall
