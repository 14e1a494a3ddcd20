#include "sim/value_generator.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "sim/keyed_hash.h"

namespace squall::sim {
namespace {

void fill_random(uint64_t salt, std::string* out) {
  for (size_t at = 0; at < out->size(); at += 8) {
    const uint64_t word = mix64(salt, at);
    std::memcpy(out->data() + at, &word, std::min<size_t>(8, out->size() - at));
  }
}

// Words from a short list: about as compressible as prose.
void fill_text(uint64_t salt, std::string* out) {
  static constexpr std::string_view kWords[] = {
      "storm ", "harbour ", "light ", "keel ", "rope ", "gust ", "anchor ", "wave ",
      "sail ",  "compass ", "tide ",  "mast ", "deck ", "fog ",  "signal ", "reef ",
  };
  size_t at = 0;
  for (uint64_t word = 0; at < out->size(); ++word) {
    const std::string_view text = kWords[mix64(salt, word) & 15];
    const size_t part = std::min(text.size(), out->size() - at);
    std::memcpy(out->data() + at, text.data(), part);
    at += part;
  }
}

// Four-byte little-endian numbers below 256, and between them runs of 0x33.
void fill_offset_like(uint64_t salt, std::string* out) {
  for (size_t at = 0; at < out->size(); at += 4) {
    const uint64_t draw = mix64(salt, at);
    const uint32_t word = (draw & 1) ? 0x33333333u : static_cast<uint32_t>(draw >> 8) & 0xFFu;
    const char bytes[4] = {static_cast<char>(word), static_cast<char>(word >> 8),
                           static_cast<char>(word >> 16), static_cast<char>(word >> 24)};
    std::memcpy(out->data() + at, bytes, std::min<size_t>(4, out->size() - at));
  }
}

}  // namespace

void generate_bytes(const Parameter& parameter, std::string* out) {
  if (parameter.kind == Parameter::Kind::kInteger) return out->clear();
  out->resize(parameter.size_bytes);
  switch (parameter.kind) {
    case Parameter::Kind::kText: return fill_text(parameter.salt, out);
    case Parameter::Kind::kRandom: return fill_random(parameter.salt, out);
    case Parameter::Kind::kOffsetLike: return fill_offset_like(parameter.salt, out);
    case Parameter::Kind::kZeros: std::fill(out->begin(), out->end(), '\0'); return;
    case Parameter::Kind::kInteger: return;
  }
}

int bind_parameter(sqlite3_stmt* statement, int index, const Parameter& parameter,
                   const std::string& bytes) {
  if (parameter.kind == Parameter::Kind::kInteger)
    return sqlite3_bind_int64(statement, index, parameter.integer);
  if (parameter.kind == Parameter::Kind::kText) {
    return sqlite3_bind_text64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  return sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC);
}

}  // namespace squall::sim
