// LZ4 blocks of one page each: reusable compression, strict decompression.
//
// A block is a chain of sequences: token (literal count in the high half, match length - 4 in the
// low half; 15 goes on in bytes that add up, 255 meaning one more) · literals · match offset u16
// little-endian. The last sequence ends after its literals.
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
  // acceleration: 1, LZ4's own, packs best; at n it looks for a match at every n-th byte while it
  // finds none, which takes a fifth of the time at 8 and gives up most of what B-tree pages of
  // short values save (a seventh of them), and a quarter of what JSON saves.
  explicit Lz4Compressor(int acceleration = 1);

  // Compresses page to out, which has room for max_lz4_block_bytes(page.size()); returns the
  // block's size. A page that doesn't shrink becomes one run of literals.
  size_t compress(std::string_view page, char* out);

 private:
  std::unique_ptr<uint64_t[]> state_;
  int acceleration_;
};

enum class Lz4Verdict : uint8_t { kOk, kMalformed, kZeroOffset, kNotOnePage };

// Decompresses block to the page_size_bytes at out and says kOk if the block holds exactly that
// many bytes. Then every byte of out has been written; otherwise some may have been. Accepts what
// the format allows: its rules for the end of a block hold (Go's decoder drops them, liblz4's where
// the last sequences are short), and no match has offset 0. What it accepts, LZ4_decompress_safe
// accepts, with the same bytes. Never reads or writes outside of block and out.
Lz4Verdict decompress_lz4_page(std::string_view block, size_t page_size_bytes, char* out);

}  // namespace squall
