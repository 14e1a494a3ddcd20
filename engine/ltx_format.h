// The LTX file format (superfly/ltx v0.5.2 and later: version 3 with LZ4 blocks). All fixed
// integers are big-endian.
//
//   Header, 100 bytes
//     0 "LTX1" · 4 flags u32 · 8 page size u32 · 12 commit u32 (database size in pages) · 16 min
//     txid u64 · 24 max txid u64 · 32 timestamp ms i64 · 40 pre-apply checksum u64 · 48 WAL offset
//     i64 · 56 WAL size i64 · 64, 68 WAL salts u32 · 72 node id u64 · 80..99 reserved: written
//     zero, ignored, hashed
//   Page frames, by rising page number
//     page number u32 · flags u16 = 1 · compressed size u32 · one LZ4 block
//   Six zero bytes
//   Index
//     uvarint triples (page number, frame offset in the file, frame size), one a frame, in order ·
//     byte 0 · u64 length of all that
//   Trailer, 16 bytes
//     post-apply checksum u64 · file checksum u64
//
// Checksums are CRC-64/GO-ISO with bit 63 set. Of a page: over its number (u32) and its bytes. Of a
// database: the XOR of its pages' checksums without the lock page. Of a file: over header, then per
// page frame header, compressed size and *decompressed* page, then everything from the six zero
// bytes to the post-apply checksum.
//
// A file with min txid 1 is a snapshot: it holds every page up to commit but the lock page. So a
// file of some of the pages of a larger database needs a min txid of 2 or more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/ltx_error.h"

namespace squall::ltx {

inline constexpr uint32_t kFlagNoChecksum =
    2;  // no pre- and post-apply checksums; the file checksum remains
inline constexpr uint64_t kChecksumBit = uint64_t{1}
                                         << 63;  // also the checksum of an empty database

inline constexpr size_t kHeaderBytes = 100;
// Where its fields stand that a refusal can point at.
inline constexpr size_t kFlagsAt = 4;
inline constexpr size_t kPageSizeAt = 8;
inline constexpr size_t kCommitAt = 12;
inline constexpr size_t kMinTxidAt = 16;
inline constexpr size_t kMaxTxidAt = 24;
inline constexpr size_t kPreApplyAt = 40;
inline constexpr size_t kFrameHeaderBytes = 6;
inline constexpr size_t kSizePrefixBytes = 4;
inline constexpr size_t kFrameLeadBytes = kFrameHeaderBytes + kSizePrefixBytes;
inline constexpr size_t kIndexLengthBytes = 8;
inline constexpr size_t kTrailerBytes = 16;
inline constexpr size_t kMaxVarintBytes = 10;
inline constexpr uint16_t kFrameFlagBlock = 1;
inline constexpr uint32_t kMinPageBytes = 512;
inline constexpr uint32_t kMaxPageBytes = 65536;

struct Header {
  uint32_t flags = 0;  // 0 or kFlagNoChecksum
  uint32_t page_size_bytes = 4096;
  uint32_t commit_pages = 0;  // size of the database after the file
  uint64_t min_txid = 0;
  uint64_t max_txid = 0;
  int64_t timestamp_ms = 0;
  uint64_t pre_apply_checksum = 0;  // of the database before the file
  int64_t wal_offset = 0;
  int64_t wal_size = 0;
  uint32_t wal_salt1 = 0;
  uint32_t wal_salt2 = 0;
  uint64_t node_id = 0;

  bool has_checksums() const { return (flags & kFlagNoChecksum) == 0; }
  bool is_snapshot() const { return min_txid == 1; }
  friend bool operator==(const Header&, const Header&) = default;
};

// One page's frame: its bytes are [offset_bytes, offset_bytes + size_bytes) of the file.
struct PageEntry {
  uint32_t pgno = 0;
  uint64_t offset_bytes = 0;
  uint64_t size_bytes = 0;
  uint64_t checksum =
      0;  // CRC-64 of the frame's lead and the page's bytes, of which the file checksum is made
  friend bool operator==(const PageEntry&, const PageEntry&) = default;
};

bool is_page_size(uint32_t page_size_bytes);
// The page that holds SQLite's lock bytes at 1 GiB.
uint32_t lock_pgno(uint32_t page_size_bytes);

void write_header(const Header& header, char* out);
// The fields of kHeaderBytes at bytes, and the rules that decide how the rest is read: magic,
// flags, page size.
LtxResult<Header> read_header(std::string_view bytes);
// The other rules of the header's values.
LtxResult<void> check_header(const Header& header);
// The rules of the post-apply checksum at offset_bytes, except that it matches the pages.
LtxResult<void> check_post_apply(const Header& header, uint64_t post_apply_checksum,
                                 uint64_t offset_bytes);

// One index triple; returns the end of what was written, at most 3 * kMaxVarintBytes.
char* write_index_entry(const PageEntry& entry, char* out);

uint64_t page_checksum(uint32_t pgno, std::string_view page);

// Which page numbers a file may hold, in order.
class PageSequence {
 public:
  explicit PageSequence(const Header& header);

  // Accepts the next page, whose number lies at offset_bytes.
  LtxResult<void> next(uint32_t pgno, uint64_t offset_bytes);
  // No more pages: the end of the frames lies at offset_bytes.
  LtxResult<void> end(uint64_t offset_bytes) const;

 private:
  uint64_t wanted() const { return last_ + 1 == lock_ ? last_ + 2 : last_ + 1; }

  uint64_t commit_;
  uint64_t lock_;
  uint64_t last_ = 0;
  bool snapshot_;
};

}  // namespace squall::ltx
