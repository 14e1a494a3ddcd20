#include "engine/lz4_block.h"

#include <lz4.h>

#include <cstring>

#include "engine/assert.h"

namespace squall {
namespace {

constexpr size_t kRunMask = 15;

size_t write_literals(std::string_view page, char* out) {
  char* at = out;
  if (page.size() < kRunMask) {
    *at++ = static_cast<char>(page.size() << 4);
  } else {
    *at++ = static_cast<char>(kRunMask << 4);
    size_t rest = page.size() - kRunMask;
    for (; rest >= 255; rest -= 255) *at++ = static_cast<char>(255);
    *at++ = static_cast<char>(rest);
  }
  std::memcpy(at, page.data(), page.size());
  return static_cast<size_t>(at - out) + page.size();
}

// Adds up the extension bytes of a length; false if they run off the block or past a page.
bool read_length(std::string_view block, size_t* at, size_t* length) {
  if (*length != kRunMask) return true;
  while (*at < block.size()) {
    const auto byte = static_cast<uint8_t>(block[(*at)++]);
    *length += byte;
    if (byte != 255) return true;
  }
  return false;
}

bool has_zero_offset(std::string_view block) {
  size_t at = 0;
  while (at < block.size()) {
    const auto token = static_cast<uint8_t>(block[at++]);
    size_t literals = token >> 4;
    if (!read_length(block, &at, &literals)) return false;
    if (literals >= block.size() - at) return false;
    at += literals;
    if (block.size() - at < 2) return false;
    if (block[at] == 0 && block[at + 1] == 0) return true;
    at += 2;
    size_t match = token & kRunMask;
    if (!read_length(block, &at, &match)) return false;
  }
  return false;
}

}  // namespace

Lz4Compressor::Lz4Compressor()
    : state_(new uint64_t[(static_cast<size_t>(LZ4_sizeofState()) + 7) / 8]) {}

size_t Lz4Compressor::compress(std::string_view page, char* out) {
  const int size = LZ4_compress_fast_extState(state_.get(), page.data(), out, static_cast<int>(page.size()),
                                              static_cast<int>(page.size()), 1);
  return size > 0 ? static_cast<size_t>(size) : write_literals(page, out);
}

Lz4Verdict decompress_lz4_page(std::string_view block, size_t page_size_bytes, char* out) {
  const int size = LZ4_decompress_safe(block.data(), out, static_cast<int>(block.size()),
                                       static_cast<int>(page_size_bytes));
  if (size < 0) return Lz4Verdict::kMalformed;
  if (static_cast<size_t>(size) != page_size_bytes) return Lz4Verdict::kNotOnePage;
  return has_zero_offset(block) ? Lz4Verdict::kZeroOffset : Lz4Verdict::kOk;
}

}  // namespace squall
