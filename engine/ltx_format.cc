#include "engine/ltx_format.h"

#include <bit>
#include <cstring>

#include "engine/big_endian.h"
#include "engine/crc64.h"

namespace squall::ltx {
namespace {

constexpr std::string_view kMagic = "LTX1";
constexpr size_t kTimestampAt = 32;
constexpr size_t kWalOffsetAt = 48;
constexpr size_t kWalSizeAt = 56;
constexpr size_t kWalSalt1At = 64;
constexpr size_t kWalSalt2At = 68;
constexpr size_t kNodeIdAt = 72;
constexpr size_t kReservedAt = 80;
constexpr uint32_t kLockByte = 0x40000000;

char* write_varint(uint64_t value, char* out) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}

LtxResult<void> check_wal(const Header& header) {
  if (header.wal_offset < 0) return refuse(Rule::kWalNegative, kWalOffsetAt);
  if (header.wal_size < 0) return refuse(Rule::kWalNegative, kWalSizeAt);
  if (header.wal_offset != 0) return {};
  if (header.wal_size != 0) return refuse(Rule::kWalOffsetMissing, kWalSizeAt);
  if (header.wal_salt1 != 0) return refuse(Rule::kWalOffsetMissing, kWalSalt1At);
  if (header.wal_salt2 != 0) return refuse(Rule::kWalOffsetMissing, kWalSalt2At);
  return {};
}

}  // namespace

bool is_page_size(uint32_t page_size_bytes) {
  return page_size_bytes >= kMinPageBytes && page_size_bytes <= kMaxPageBytes &&
         std::has_single_bit(page_size_bytes);
}

uint32_t lock_pgno(uint32_t page_size_bytes) { return kLockByte / page_size_bytes + 1; }

void write_header(const Header& header, char* out) {
  std::memcpy(out, kMagic.data(), kMagic.size());
  put_u32(out + kFlagsAt, header.flags);
  put_u32(out + kPageSizeAt, header.page_size_bytes);
  put_u32(out + kCommitAt, header.commit_pages);
  put_u64(out + kMinTxidAt, header.min_txid);
  put_u64(out + kMaxTxidAt, header.max_txid);
  put_u64(out + kTimestampAt, static_cast<uint64_t>(header.timestamp_ms));
  put_u64(out + kPreApplyAt, header.pre_apply_checksum);
  put_u64(out + kWalOffsetAt, static_cast<uint64_t>(header.wal_offset));
  put_u64(out + kWalSizeAt, static_cast<uint64_t>(header.wal_size));
  put_u32(out + kWalSalt1At, header.wal_salt1);
  put_u32(out + kWalSalt2At, header.wal_salt2);
  put_u64(out + kNodeIdAt, header.node_id);
  std::memset(out + kReservedAt, 0, kHeaderBytes - kReservedAt);
}

LtxResult<Header> read_header(std::string_view bytes) {
  const size_t magic_bytes = bytes.size() < kMagic.size() ? bytes.size() : kMagic.size();
  if (bytes.substr(0, magic_bytes) != kMagic.substr(0, magic_bytes)) return refuse(Rule::kMagic, 0);
  if (bytes.size() < kHeaderBytes) return refuse(Rule::kTruncated, bytes.size());
  const char* in = bytes.data();
  Header header;
  header.flags = get_u32(in + kFlagsAt);
  header.page_size_bytes = get_u32(in + kPageSizeAt);
  header.commit_pages = get_u32(in + kCommitAt);
  header.min_txid = get_u64(in + kMinTxidAt);
  header.max_txid = get_u64(in + kMaxTxidAt);
  header.timestamp_ms = static_cast<int64_t>(get_u64(in + kTimestampAt));
  header.pre_apply_checksum = get_u64(in + kPreApplyAt);
  header.wal_offset = static_cast<int64_t>(get_u64(in + kWalOffsetAt));
  header.wal_size = static_cast<int64_t>(get_u64(in + kWalSizeAt));
  header.wal_salt1 = get_u32(in + kWalSalt1At);
  header.wal_salt2 = get_u32(in + kWalSalt2At);
  header.node_id = get_u64(in + kNodeIdAt);
  if ((header.flags & ~kFlagNoChecksum) != 0) return refuse(Rule::kFlags, kFlagsAt);
  if (!is_page_size(header.page_size_bytes)) return refuse(Rule::kPageSize, kPageSizeAt);
  return header;
}

LtxResult<void> check_header(const Header& header) {
  if ((header.flags & ~kFlagNoChecksum) != 0) return refuse(Rule::kFlags, kFlagsAt);
  if (!is_page_size(header.page_size_bytes)) return refuse(Rule::kPageSize, kPageSizeAt);
  if (header.min_txid == 0) return refuse(Rule::kTxidZero, kMinTxidAt);
  if (header.max_txid == 0) return refuse(Rule::kTxidZero, kMaxTxidAt);
  if (header.min_txid > header.max_txid) return refuse(Rule::kTxidOrder, kMinTxidAt);
  if (auto checked = check_wal(header); !checked) return checked;
  if (header.is_snapshot() || !header.has_checksums()) {
    if (header.pre_apply_checksum != 0) return refuse(Rule::kPreApplyForbidden, kPreApplyAt);
  } else if ((header.pre_apply_checksum & kChecksumBit) == 0) {
    return refuse(Rule::kPreApplyMissing, kPreApplyAt);
  }
  return {};
}

LtxResult<void> check_post_apply(const Header& header, uint64_t post_apply_checksum,
                                 uint64_t offset_bytes) {
  if (!header.has_checksums()) {
    if (post_apply_checksum != 0) return refuse(Rule::kPostApplyForbidden, offset_bytes);
  } else if ((post_apply_checksum & kChecksumBit) == 0) {
    return refuse(Rule::kPostApplyMissing, offset_bytes);
  }
  if (header.commit_pages == 0 && post_apply_checksum != kChecksumBit) {
    return refuse(Rule::kPostApplyEmpty, offset_bytes);
  }
  return {};
}

char* write_index_entry(const PageEntry& entry, char* out) {
  out = write_varint(entry.pgno, out);
  out = write_varint(entry.offset_bytes, out);
  return write_varint(entry.size_bytes, out);
}

uint64_t page_checksum(uint32_t pgno, std::string_view page) {
  char number[4];
  put_u32(number, pgno);
  return kChecksumBit | crc64(crc64(0, std::string_view(number, sizeof number)), page);
}

PageSequence::PageSequence(const Header& header)
    : commit_(header.commit_pages),
      lock_(lock_pgno(header.page_size_bytes)),
      snapshot_(header.is_snapshot()) {}

LtxResult<void> PageSequence::next(uint32_t pgno, uint64_t offset_bytes) {
  if (pgno == 0) return refuse(Rule::kPageNumberZero, offset_bytes);
  if (pgno <= last_) return refuse(Rule::kPageOrder, offset_bytes);
  if (pgno > commit_) return refuse(Rule::kPagePastCommit, offset_bytes);
  if (pgno == lock_) return refuse(Rule::kLockPage, offset_bytes);
  if (snapshot_ && pgno != wanted()) return refuse(Rule::kSnapshotGap, offset_bytes);
  last_ = pgno;
  return {};
}

LtxResult<void> PageSequence::end(uint64_t offset_bytes) const {
  if (snapshot_ && wanted() <= commit_) return refuse(Rule::kSnapshotGap, offset_bytes);
  return {};
}

}  // namespace squall::ltx
