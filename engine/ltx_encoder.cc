#include "engine/ltx_encoder.h"

#include <cstring>

#include "engine/assert.h"
#include "engine/big_endian.h"
#include "engine/crc64.h"

namespace squall::ltx {

LtxResult<void> Encoder::begin(const Header& header, size_t reserved_prefix_bytes) {
  if (auto checked = check_header(header); !checked) return checked;
  header_ = header;
  sequence_ = PageSequence(header);
  entries_.clear();
  prefix_bytes_ = reserved_prefix_bytes;
  joiner_ = &frame_joiner(header.page_size_bytes);
  pages_checksum_ = 0;
  begun_ = true;
  buffer_.clear();
  char* out = buffer_.room(reserved_prefix_bytes + kHeaderBytes);
  std::memset(out, 0, reserved_prefix_bytes);
  write_header(header, out + reserved_prefix_bytes);
  crc_ = crc64(0, {out + reserved_prefix_bytes, kHeaderBytes});
  buffer_.add(reserved_prefix_bytes + kHeaderBytes);
  return {};
}

LtxResult<void> Encoder::add_page(uint32_t pgno, std::string_view page) {
  if (auto checked = check_page(pgno, page); !checked) return checked;
  char* frame = buffer_.room(kFrameLeadBytes + max_lz4_block_bytes(page.size()));
  lead_frame(pgno, compressor_.compress(page, frame + kFrameLeadBytes), page);
  return {};
}

LtxResult<void> Encoder::add_compressed_page(uint32_t pgno, std::string_view lz4_block,
                                             std::string_view page) {
  if (lz4_block.empty()) return refuse(Rule::kBlockEmpty, offset() + kFrameHeaderBytes);
  if (lz4_block.size() > max_lz4_block_bytes(page.size())) {
    return refuse(Rule::kBlockTooLarge, offset() + kFrameHeaderBytes);
  }
  if (auto checked = check_page(pgno, page); !checked) return checked;
  char* frame = buffer_.room(kFrameLeadBytes + lz4_block.size());
  std::memcpy(frame + kFrameLeadBytes, lz4_block.data(), lz4_block.size());
  lead_frame(pgno, lz4_block.size(), page);
  return {};
}

LtxResult<void> Encoder::check_page(uint32_t pgno, std::string_view page) {
  SQUALL_ASSERT(begun_);
  if (page.size() != header_.page_size_bytes) {
    return refuse(Rule::kPageLength, offset() + kFrameLeadBytes);
  }
  return sequence_.next(pgno, offset());
}

// The block already lies behind the room for the frame's lead.
void Encoder::lead_frame(uint32_t pgno, size_t block_bytes, std::string_view page) {
  char* frame = buffer_.data() + buffer_.size();
  put_u32(frame, pgno);
  put_u16(frame + 4, kFrameFlagBlock);
  put_u32(frame + kFrameHeaderBytes, static_cast<uint32_t>(block_bytes));
  if (header_.is_snapshot() && header_.has_checksums())
    pages_checksum_ ^= page_checksum(pgno, page);
  append_frame(pgno, kFrameLeadBytes + block_bytes,
               crc64(crc64(0, {frame, kFrameLeadBytes}), page));
}

LtxResult<void> Encoder::add_frame(const OpenedBlob& blob, const PageEntry& entry) {
  SQUALL_ASSERT(begun_);
  SQUALL_ASSERT(!header_.is_snapshot() || !header_.has_checksums());
  if (blob.header().page_size_bytes != header_.page_size_bytes) {
    return refuse(Rule::kPageLength, offset() + kFrameLeadBytes);
  }
  if (auto checked = sequence_.next(entry.pgno, offset()); !checked) return checked;
  const std::string_view frame = blob.frame(entry);
  std::memcpy(buffer_.room(frame.size()), frame.data(), frame.size());
  append_frame(entry.pgno, frame.size(), entry.checksum);
  return {};
}

// The frame already lies behind what was written.
void Encoder::append_frame(uint32_t pgno, uint64_t size_bytes, uint64_t checksum) {
  entries_.push_back({pgno, offset(), size_bytes, checksum});
  crc_ = joiner_->join(crc_, checksum);
  buffer_.add(size_bytes);
}

LtxResult<std::string_view> Encoder::finish(uint64_t post_apply_checksum) {
  SQUALL_ASSERT(begun_);
  if (auto checked = sequence_.end(offset()); !checked) return LtxFailure(checked.error());
  char* const start = buffer_.room(kFrameHeaderBytes + entries_.size() * 3 * kMaxVarintBytes + 1 +
                                   kIndexLengthBytes + kTrailerBytes);
  char* const index = start + kFrameHeaderBytes;
  std::memset(start, 0, kFrameHeaderBytes);
  char* out = index;
  for (const PageEntry& entry : entries_) out = write_index_entry(entry, out);
  *out++ = 0;
  put_u64(out, static_cast<uint64_t>(out - index));
  out += kIndexLengthBytes;

  const uint64_t post_apply_at = offset() + static_cast<uint64_t>(out - start);
  if (auto checked = check_post_apply(header_, post_apply_checksum, post_apply_at); !checked) {
    return LtxFailure(checked.error());
  }
  if (header_.is_snapshot() && header_.has_checksums() &&
      post_apply_checksum != database_checksum()) {
    return refuse(Rule::kPostApplyWrong, post_apply_at);
  }
  put_u64(out, post_apply_checksum);
  out += sizeof post_apply_checksum;
  file_checksum_ = kChecksumBit | crc64(crc_, {start, static_cast<size_t>(out - start)});
  put_u64(out, file_checksum_);
  out += sizeof file_checksum_;
  scanned_.header = header_;
  scanned_.post_apply_checksum = post_apply_checksum;
  scanned_.file_checksum = file_checksum_;
  scanned_.index_offset_bytes = offset() + kFrameHeaderBytes;
  scanned_.trailer_offset_bytes = post_apply_at;
  scanned_.pages = entries_;
  buffer_.add(static_cast<size_t>(out - start));
  begun_ = false;
  return buffer_.view();
}

}  // namespace squall::ltx
