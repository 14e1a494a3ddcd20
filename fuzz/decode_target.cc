// Any bytes as an LTX file: our decoder and the plain reader agree on every file and page, what is
// accepted encodes to the same bytes, and what our LZ4 decompressor accepts, liblz4 reads as we do.
#include <lz4.h>

#include <string>

#include "engine/assert.h"
#include "engine/ltx_decoder.h"
#include "engine/ltx_encoder.h"
#include "engine/ltx_file_name.h"
#include "engine/lz4_block.h"
#include "engine/testing/ltx_plain_reader.h"
#include "fuzz/ltx_parts.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

void check_block(std::string_view block, uint32_t page_size_bytes) {
  std::string ours(page_size_bytes, '\0');
  const Lz4Verdict verdict = decompress_lz4_page(block, page_size_bytes, ours.data());
  const auto plain = test_support::plain_lz4(block, page_size_bytes);
  const bool plain_accepts = plain.has_value() && plain->size() == page_size_bytes;
  SQUALL_ASSERT((verdict == Lz4Verdict::kOk) == plain_accepts);
  if (verdict != Lz4Verdict::kOk) return;  // liblz4 is laxer (lz4_block.h)
  std::string theirs(page_size_bytes, '\0');
  const int size = LZ4_decompress_safe(block.data(), theirs.data(), static_cast<int>(block.size()),
                                       static_cast<int>(page_size_bytes));
  SQUALL_ASSERT(size == static_cast<int>(page_size_bytes));
  SQUALL_ASSERT(ours == theirs);
  SQUALL_ASSERT(ours == *plain);
}

void check_same_pages(const ltx::DecodedFile& decoded, const test_support::PlainLtx& plain) {
  SQUALL_ASSERT(decoded.pages.size() == plain.pages.size());
  for (size_t i = 0; i < plain.pages.size(); ++i) {
    SQUALL_ASSERT(decoded.pages[i].pgno == plain.pages[i].first);
    SQUALL_ASSERT(decoded.pages[i].bytes == plain.pages[i].second);
  }
  SQUALL_ASSERT(decoded.file.header.commit_pages == plain.commit);
  SQUALL_ASSERT(decoded.file.header.min_txid == plain.min_txid);
  SQUALL_ASSERT(decoded.file.header.max_txid == plain.max_txid);
  SQUALL_ASSERT(decoded.file.post_apply_checksum == plain.post_apply);
}

// The same blocks give the same bytes; compressing again gives the same pages.
void check_encodes_back(std::string_view file, const ltx::DecodedFile& decoded,
                        bool reserved_bytes_zero) {
  ltx::Encoder same;
  ltx::Encoder again;
  SQUALL_ASSERT(same.begin(decoded.file.header).has_value());
  SQUALL_ASSERT(again.begin(decoded.file.header).has_value());
  for (size_t i = 0; i < decoded.pages.size(); ++i) {
    const auto& [pgno, page] = decoded.pages[i];
    const ltx::PageEntry& entry = decoded.file.pages[i];
    const std::string_view block = file.substr(entry.offset_bytes + ltx::kFrameLeadBytes,
                                               entry.size_bytes - ltx::kFrameLeadBytes);
    SQUALL_ASSERT(same.add_compressed_page(pgno, block, page).has_value());
    SQUALL_ASSERT(again.add_page(pgno, page).has_value());
  }
  const auto same_file = same.finish(decoded.file.post_apply_checksum);
  SQUALL_ASSERT(same_file.has_value());
  if (reserved_bytes_zero) SQUALL_ASSERT(*same_file == file);
  const auto again_file = again.finish(decoded.file.post_apply_checksum);
  SQUALL_ASSERT(again_file.has_value());
  const auto plain = test_support::plain_read(*again_file);
  SQUALL_ASSERT(plain.ok());
  check_same_pages(decoded, plain);
}

void check_zero_trailer(std::string_view file, bool accepted) {
  const auto lenient = ltx::decode_pages(file, ltx::TrailerForm::kChecksumOrZero);
  if (accepted) SQUALL_ASSERT(lenient.has_value());
  if (lenient && !accepted) {
    SQUALL_ASSERT(lenient->file.file_checksum == 0);
    SQUALL_ASSERT(!lenient->file.header.has_checksums());
  }
}

void check_file_name(std::string_view name) {
  const auto range = ltx::parse_file_name(name);
  if (range) SQUALL_ASSERT(ltx::format_file_name(*range) == name);
}

}  // namespace

void run_decode(std::string_view input) {
  constexpr uint32_t kBlockPageBytes = 512;
  check_file_name(input);
  check_block(input, kBlockPageBytes);
  const LtxParts parts = take_apart(input);
  for (const FrameParts& frame : parts.frames) check_block(frame.block, parts.page_size_bytes());

  const auto plain = test_support::plain_read(input);
  const auto decoded = ltx::decode_pages(input);
  SQUALL_ASSERT(decoded.has_value() == plain.ok());
  check_zero_trailer(input, decoded.has_value());
  if (!decoded) {
    SQUALL_ASSERT(decoded.error().offset_bytes <= input.size());
    SQUALL_ASSERT(!decoded.error().message().empty());
    return;
  }
  check_same_pages(*decoded, plain);
  check_encodes_back(input, *decoded, plain.reserved_bytes_zero);
}

}  // namespace squall::fuzz
