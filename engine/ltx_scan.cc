#include "engine/ltx_scan.h"

#include <bit>
#include <cstring>

#include "engine/assert.h"
#include "engine/big_endian.h"
#include "engine/lz4_block.h"

namespace squall::ltx {
namespace {

constexpr std::string_view kLz4FrameMagic = "\x04\x22\x4d\x18";

constexpr std::array<Crc64Joiner, 8> kFrameJoiners = {
    Crc64Joiner(kFrameLeadBytes + 512),   Crc64Joiner(kFrameLeadBytes + 1024),
    Crc64Joiner(kFrameLeadBytes + 2048),  Crc64Joiner(kFrameLeadBytes + 4096),
    Crc64Joiner(kFrameLeadBytes + 8192),  Crc64Joiner(kFrameLeadBytes + 16384),
    Crc64Joiner(kFrameLeadBytes + 32768), Crc64Joiner(kFrameLeadBytes + 65536)};

LtxFailure passed_on(const LtxResult<void>& failed) { return LtxFailure(failed.error()); }

class Scan {
 public:
  Scan(std::string_view file, const Header& header, TrailerForm form, FrameMemory* memory)
      : file_(file),
        form_(form),
        memory_(memory),
        joiner_(frame_joiner(header.page_size_bytes)),
        sequence_(header),
        scratch_(header.page_size_bytes) {
    result_.header = header;
  }

  LtxResult<ScannedFile> run(PageVisitor visit) {
    crc_ = crc64(0, file_.substr(0, kHeaderBytes));
    at_ = kHeaderBytes;
    if (auto read = read_frames(visit); !read) return passed_on(read);
    hashed_ = at_;
    at_ += kFrameHeaderBytes;
    if (auto read = read_index(); !read) return passed_on(read);
    if (auto read = read_trailer(); !read) return passed_on(read);
    return std::move(result_);
  }

 private:
  LtxResult<void> read_frames(PageVisitor visit) {
    while (true) {
      const auto frame = read_frame(file_, at_, result_.header.page_size_bytes);
      if (!frame) return LtxFailure(frame.error());
      if (frame->pgno == 0) return sequence_.end(at_);
      if (auto checked = sequence_.next(frame->pgno, at_); !checked) return checked;
      PageEntry& entry = result_.pages.emplace_back(PageEntry{frame->pgno, at_, frame->size_bytes});
      const auto page = read_page(*frame, &entry);
      if (!page) return LtxFailure(page.error());
      crc_ = joiner_.join(crc_, entry.checksum);
      visit(entry, *page);
      at_ += frame->size_bytes;
    }
  }

  // The page, or nothing where the memory knows the frame.
  LtxResult<std::string_view> read_page(const Frame& frame, PageEntry* entry) {
    const Header& header = result_.header;
    const bool hash_pages = header.is_snapshot() && header.has_checksums();
    const std::string_view bytes = file_.substr(at_, frame.size_bytes);
    const auto known = memory_ != nullptr ? memory_->recall(bytes) : std::nullopt;
    if (known && !hash_pages) {
      entry->checksum = *known;
      return std::string_view();
    }
    char* page = scratch_.page();
    if (auto read = read_block(frame, at_, header.page_size_bytes, page); !read) {
      return LtxFailure(read.error());
    }
    std::memcpy(page - kFrameLeadBytes, bytes.data(), kFrameLeadBytes);
    entry->checksum = crc64(0, {page - kFrameLeadBytes, kFrameLeadBytes + header.page_size_bytes});
    const std::string_view content(page, header.page_size_bytes);
    if (hash_pages) pages_checksum_ ^= page_checksum(frame.pgno, content);
    if (memory_ != nullptr) memory_->learn(bytes, entry->checksum, content);
    return content;
  }

  // The index must be, byte for byte, what the frames give.
  LtxResult<void> read_index() {
    result_.index_offset_bytes = at_;
    for (const PageEntry& entry : result_.pages) {
      char expected[3 * kMaxVarintBytes];
      const std::string_view triple(
          expected, static_cast<size_t>(write_index_entry(entry, expected) - expected));
      if (file_.substr(at_, triple.size()) != triple) return index_failure(triple);
      at_ += triple.size();
    }
    constexpr std::string_view kEnd("\0", 1);
    if (file_.substr(at_, 1) != kEnd) return index_failure(kEnd);
    at_ += 1;
    if (file_.size() - at_ < kIndexLengthBytes) return refuse(Rule::kTruncated, at_);
    if (get_u64(file_.data() + at_) != at_ - result_.index_offset_bytes)
      return refuse(Rule::kIndexSize, at_);
    at_ += kIndexLengthBytes;
    return {};
  }

  LtxFailure index_failure(std::string_view expected) const {
    const std::string_view rest = file_.substr(at_);
    const bool cut = rest.size() < expected.size() && expected.substr(0, rest.size()) == rest;
    return refuse(cut ? Rule::kTruncated : Rule::kIndex, at_);
  }

  LtxResult<void> read_trailer() {
    result_.trailer_offset_bytes = at_;
    if (file_.size() - at_ < kTrailerBytes) return refuse(Rule::kTruncated, at_);
    if (file_.size() - at_ > kTrailerBytes)
      return refuse(Rule::kTrailingBytes, at_ + kTrailerBytes);
    const Header& header = result_.header;
    result_.post_apply_checksum = get_u64(file_.data() + at_);
    result_.file_checksum = get_u64(file_.data() + at_ + 8);
    if (auto checked = check_header(header); !checked) return checked;
    if (auto checked = check_post_apply(header, result_.post_apply_checksum, at_); !checked)
      return checked;
    if (header.is_snapshot() && header.has_checksums() &&
        result_.post_apply_checksum != (kChecksumBit | pages_checksum_)) {
      return refuse(Rule::kPostApplyWrong, at_);
    }
    return check_file_checksum();
  }

  LtxResult<void> check_file_checksum() {
    const uint64_t checksum_at = at_ + 8;
    if (result_.file_checksum == 0) {
      const bool asked_for =
          form_ == TrailerForm::kChecksumOrZero && !result_.header.has_checksums();
      if (!asked_for) return refuse(Rule::kFileChecksumAbsent, checksum_at);
      return {};
    }
    crc_ = crc64(crc_, file_.substr(hashed_, checksum_at - hashed_));
    if (result_.file_checksum != (kChecksumBit | crc_))
      return refuse(Rule::kFileChecksum, checksum_at);
    return {};
  }

  std::string_view file_;
  TrailerForm form_;
  FrameMemory* memory_;
  const Crc64Joiner& joiner_;
  PageSequence sequence_;
  PageScratch scratch_;
  ScannedFile result_;
  uint64_t at_ = 0;
  uint64_t hashed_ = 0;  // the tail from here to the file checksum is hashed in one go
  uint64_t crc_ = 0;
  uint64_t pages_checksum_ = 0;
};

}  // namespace

PageScratch::PageScratch(uint32_t page_size_bytes) : page_(inline_ + kLeadRoom) {
  if (page_size_bytes <= kInlineBytes) return;
  heap_.reset(new char[kLeadRoom + page_size_bytes]);
  page_ = heap_.get() + kLeadRoom;
}

LtxResult<Frame> read_frame(std::string_view file, uint64_t offset_bytes,
                            uint32_t page_size_bytes) {
  const uint64_t rest = file.size() - offset_bytes;
  const char* const in = file.data() + offset_bytes;
  if (rest < kFrameHeaderBytes) return refuse(Rule::kTruncated, offset_bytes);
  Frame frame;
  frame.pgno = get_u32(in);
  const uint16_t flags = get_u16(in + 4);
  if (frame.pgno == 0) {
    if (flags != 0) return refuse(Rule::kPageNumberZero, offset_bytes);
    return frame;
  }
  if (flags != kFrameFlagBlock) {
    const bool lz4_frame =
        flags == 0 && file.substr(offset_bytes + kFrameHeaderBytes, 4) == kLz4FrameMagic;
    return refuse(lz4_frame ? Rule::kLz4Frame : Rule::kPageFlags, offset_bytes + 4);
  }
  const uint64_t prefix_at = offset_bytes + kFrameHeaderBytes;
  if (rest < kFrameLeadBytes) return refuse(Rule::kTruncated, prefix_at);
  const uint32_t block_bytes = get_u32(in + kFrameHeaderBytes);
  if (block_bytes > max_lz4_block_bytes(page_size_bytes))
    return refuse(Rule::kBlockTooLarge, prefix_at);
  if (block_bytes > rest - kFrameLeadBytes) return refuse(Rule::kTruncated, prefix_at);
  if (block_bytes == 0) return refuse(Rule::kBlockEmpty, prefix_at);
  frame.block = std::string_view(in + kFrameLeadBytes, block_bytes);
  frame.size_bytes = kFrameLeadBytes + block_bytes;
  return frame;
}

LtxResult<void> read_block(const Frame& frame, uint64_t frame_offset_bytes,
                           uint32_t page_size_bytes, char* out) {
  const uint64_t block_at = frame_offset_bytes + kFrameLeadBytes;
  switch (decompress_lz4_page(frame.block, page_size_bytes, out)) {
    case Lz4Verdict::kOk: return {};
    case Lz4Verdict::kMalformed: return refuse(Rule::kBlockMalformed, block_at);
    case Lz4Verdict::kZeroOffset: return refuse(Rule::kBlockZeroOffset, block_at);
    case Lz4Verdict::kNotOnePage: break;
  }
  return refuse(Rule::kBlockNotOnePage, block_at);
}

const Crc64Joiner& frame_joiner(uint32_t page_size_bytes) {
  SQUALL_ASSERT(is_page_size(page_size_bytes));
  return kFrameJoiners[static_cast<size_t>(std::countr_zero(page_size_bytes / kMinPageBytes))];
}

LtxResult<ScannedFile> scan_file(std::string_view file, TrailerForm form, PageVisitor visit,
                                 FrameMemory* memory) {
  const auto header = read_header(file);
  if (!header) return LtxFailure(header.error());
  return Scan(file, *header, form, memory).run(visit);
}

}  // namespace squall::ltx
