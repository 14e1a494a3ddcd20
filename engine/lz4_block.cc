#include "engine/lz4_block.h"

#include <lz4.h>

#include <cstring>

namespace squall {
namespace {

constexpr size_t kLongLength = 15;  // in a token's half: the length goes on in bytes
constexpr size_t kMinMatch = 4;
constexpr size_t kOffsetBytes = 2;
constexpr size_t kChunk = 16;  // bytes copied at once where there is room for them
constexpr size_t kHalfChunk = 8;
constexpr size_t kManyLiterals = 128;  // from here on a call of memcpy pays for itself

constexpr ptrdiff_t kLastLiterals = 5;
// What must follow literals that don't end the block: offset, token and five literals of input; 12
// bytes of output.
constexpr ptrdiff_t kAfterLiteralsIn = 8;
constexpr ptrdiff_t kAfterLiteralsOut = 12;
// Room in which a sequence without length bytes needs no further check: 14 literals, then what must
// follow them, or a match of 18 bytes and the last literals.
constexpr ptrdiff_t kShortIn = 14 + kAfterLiteralsIn;
constexpr ptrdiff_t kShortOut = 14 + 18 + kLastLiterals;

inline size_t get_offset(const uint8_t* in) { return in[0] | static_cast<size_t>(in[1]) << 8; }

size_t write_literals(std::string_view page, char* out) {
  char* at = out;
  if (page.size() < kLongLength) {
    *at++ = static_cast<char>(page.size() << 4);
  } else {
    *at++ = static_cast<char>(kLongLength << 4);
    size_t rest = page.size() - kLongLength;
    for (; rest >= 255; rest -= 255) *at++ = static_cast<char>(255);
    *at++ = static_cast<char>(rest);
  }
  std::memcpy(at, page.data(), page.size());
  return static_cast<size_t>(at - out) + page.size();
}

// Adds the bytes that follow a length of 15; false if they run off the block.
inline bool extend_length(const uint8_t*& in, const uint8_t* in_end, size_t* length) {
  if (*length != kLongLength) return true;
  while (in != in_end) {
    const uint8_t byte = *in++;
    *length += byte;
    if (byte != 255) return true;
  }
  return false;
}

// Repeats the offset bytes before out until length bytes are written.
void repeat(char* out, size_t offset, size_t length) {
  if (offset == 1) {
    std::memset(out, out[-1], length);
    return;
  }
  // What repeats every offset bytes repeats every 2 * offset bytes, too: so the steps grow.
  while (length > offset) {
    std::memcpy(out, out - offset, offset);
    out += offset;
    length -= offset;
    offset *= 2;
  }
  std::memcpy(out, out - offset, length);
}

// Copies length bytes in steps of kStep, at least one: up to kStep bytes more. Where they overlap,
// from lies at least kStep before out.
template <size_t kStep>
inline void copy_in_steps(char* out, const char* from, size_t length) {
  size_t done = 0;
  do {
    std::memcpy(out + done, from + done, kStep);
    done += kStep;
  } while (done < length);
}

// There are `literals` bytes at in, and as much room at out.
inline void copy_literals(char* out, const char* out_end, const uint8_t* in, const uint8_t* in_end,
                          size_t literals) {
  const auto step_end = static_cast<ptrdiff_t>(literals + kChunk);
  if (literals < kManyLiterals && in_end - in >= step_end && out_end - out >= step_end)
    return copy_in_steps<kChunk>(out, reinterpret_cast<const char*>(in), literals);
  std::memcpy(out, in, literals);
}

// Copies length bytes from offset bytes before out, which may overlap. There is room for `room`
// bytes at out, length of them at least.
inline void copy_match(char* out, size_t offset, size_t length, size_t room) {
  if (offset < kHalfChunk || room < length + kChunk) return repeat(out, offset, length);
  if (offset < kChunk) return copy_in_steps<kHalfChunk>(out, out - offset, length);
  copy_in_steps<kChunk>(out, out - offset, length);
}

}  // namespace

Lz4Compressor::Lz4Compressor(int acceleration)
    : state_(new uint64_t[(static_cast<size_t>(LZ4_sizeofState()) + 7) / 8]),
      acceleration_(acceleration) {}

size_t Lz4Compressor::compress(std::string_view page, char* out) {
  const auto page_bytes = static_cast<int>(page.size());
  const int size = LZ4_compress_fast_extState(state_.get(), page.data(), out, page_bytes,
                                              page_bytes, acceleration_);
  return size > 0 ? static_cast<size_t>(size) : write_literals(page, out);
}

Lz4Verdict decompress_lz4_page(std::string_view block, size_t page_size_bytes, char* const page) {
  const auto* in = reinterpret_cast<const uint8_t*>(block.data());
  const uint8_t* const in_end = in + block.size();
  char* out = page;
  char* const out_end = page + page_size_bytes;
  while (in != in_end) {
    const uint8_t token = *in++;
    size_t literals = token >> 4;
    size_t match = token & kLongLength;
    if (literals != kLongLength && in_end - in >= kShortIn && out_end - out >= kShortOut) {
      std::memcpy(out, in, kChunk);
      in += literals;
      out += literals;
      const size_t offset = get_offset(in);
      if (match != kLongLength && offset >= 8 && offset <= static_cast<size_t>(out - page)) {
        std::memcpy(out, out - offset, 8);
        std::memcpy(out + 8, out + 8 - offset, 8);
        std::memcpy(out + 16, out + 16 - offset, 2);
        in += kOffsetBytes;
        out += match + kMinMatch;
        continue;
      }
    } else {
      if (!extend_length(in, in_end, &literals)) return Lz4Verdict::kMalformed;
      if (literals > static_cast<size_t>(in_end - in)) return Lz4Verdict::kMalformed;
      if (literals > static_cast<size_t>(out_end - out)) return Lz4Verdict::kNotOnePage;
      copy_literals(out, out_end, in, in_end, literals);
      in += literals;
      out += literals;
      if (in == in_end) return out == out_end ? Lz4Verdict::kOk : Lz4Verdict::kNotOnePage;
      if (in_end - in < kAfterLiteralsIn) return Lz4Verdict::kMalformed;
      if (out_end - out < kAfterLiteralsOut) return Lz4Verdict::kMalformed;
    }
    const size_t offset = get_offset(in);
    in += kOffsetBytes;
    if (offset == 0) return Lz4Verdict::kZeroOffset;
    if (offset > static_cast<size_t>(out - page)) return Lz4Verdict::kMalformed;
    if (!extend_length(in, in_end, &match)) return Lz4Verdict::kMalformed;
    match += kMinMatch;
    const auto room = static_cast<size_t>(out_end - out);
    if (match > room) return Lz4Verdict::kNotOnePage;
    if (match > room - kLastLiterals) return Lz4Verdict::kMalformed;
    copy_match(out, offset, match, room);
    out += match;
  }
  return Lz4Verdict::kMalformed;
}

}  // namespace squall
