// LZ4 blocks of one page each: reusable compression, strict decompression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace squall {

// The most bytes that any encoder may need for a page: more is refused unread.
inline constexpr size_t max_lz4_block_bytes(size_t page_size_bytes) {
  return page_size_bytes + page_size_bytes / 255 + 16;
}

// Keeps LZ4's tables from page to page.
class Lz4Compressor {
 public:
  Lz4Compressor();

  // Compresses page to out, which has room for max_lz4_block_bytes(page.size()); returns the block's size.
  // A page that doesn't shrink becomes one run of literals.
  size_t compress(std::string_view page, char* out);

 private:
  std::unique_ptr<uint64_t[]> state_;
};

enum class Lz4Verdict : uint8_t { kOk, kMalformed, kZeroOffset, kNotOnePage };

// Decompresses block to the page_size_bytes at out and says kOk if the block holds exactly that many bytes,
// has no match of offset 0 and ends in 5 literals after its last match; then every byte of out has been
// written. Otherwise out's content is undefined. Never reads or writes outside of block and out.
Lz4Verdict decompress_lz4_page(std::string_view block, size_t page_size_bytes, char* out);

}  // namespace squall
