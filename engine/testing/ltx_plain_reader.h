// A second reader of LTX files, for tests: written from the format's description, slow, simple, and
// sharing no code with the codec. It accepts a file only if every rule of the format holds
// (strict), and says which one does not.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace squall::test_support {

struct PlainLtx {
  uint32_t flags, page_size, commit;
  uint64_t min_txid, max_txid;
  uint64_t pre_apply, post_apply, file_checksum;
  bool reserved_bytes_zero;
  std::vector<std::pair<uint32_t, std::string>> pages;
  std::string broken_rule;  // empty: the file is good

  bool ok() const { return broken_rule.empty(); }
};

inline uint64_t plain_crc64(std::string_view bytes) {
  static const std::array<uint64_t, 256> table = [] {
    std::array<uint64_t, 256> result{};
    for (uint64_t i = 0; i < 256; ++i) {
      uint64_t value = i;
      for (int bit = 0; bit < 8; ++bit)
        value = value & 1 ? value >> 1 ^ 0xD800000000000000u : value >> 1;
      result[i] = value;
    }
    return result;
  }();
  uint64_t crc = ~uint64_t{0};
  for (const char byte : bytes) crc = table[(crc ^ static_cast<uint8_t>(byte)) & 0xff] ^ crc >> 8;
  return ~crc;
}

// One LZ4 block, byte by byte; nothing if it is malformed, breaks the format's rules for its end,
// or would give more than most_bytes.
inline std::optional<std::string> plain_lz4(std::string_view block, size_t most_bytes) {
  std::string out;
  size_t at = 0;
  bool after_match = false;
  size_t last_match_start = 0;
  const auto byte = [&]() -> std::optional<size_t> {
    if (at >= block.size()) return std::nullopt;
    return static_cast<uint8_t>(block[at++]);
  };
  const auto length = [&](size_t nibble) -> std::optional<size_t> {
    size_t total = nibble;
    if (nibble != 15) return total;
    while (true) {
      const auto more = byte();
      if (!more) return std::nullopt;
      total += *more;
      if (*more != 255) return total;
    }
  };
  while (true) {
    const auto token = byte();
    if (!token) return std::nullopt;
    const auto literals = length(*token >> 4);
    if (!literals || *literals > block.size() - at || *literals > most_bytes - out.size())
      return std::nullopt;
    out += block.substr(at, *literals);
    at += *literals;
    if (at == block.size()) {
      if (after_match && (*literals < 5 || out.size() - last_match_start < 12)) return std::nullopt;
      return out;
    }
    const auto low = byte();
    const auto high = byte();
    if (!low || !high) return std::nullopt;
    const size_t offset = *low + 256 * *high;
    if (offset == 0 || offset > out.size()) return std::nullopt;
    const auto match = length(*token & 15);
    if (!match || *match + 4 > most_bytes - out.size()) return std::nullopt;
    after_match = true;
    last_match_start = out.size();
    for (size_t i = 0; i < *match + 4; ++i) out += out[out.size() - offset];
  }
}

class PlainLtxReader {
 public:
  explicit PlainLtxReader(std::string_view file) : file_(file) {}

  PlainLtx read() {
    if (header() && frames() && index() && trailer()) result_.broken_rule.clear();
    return std::move(result_);
  }

 private:
  static constexpr uint64_t kBit63 = uint64_t{1} << 63;

  bool rule(bool holds, const char* name) {
    if (!holds) result_.broken_rule = name;
    return holds;
  }
  bool has(size_t bytes) { return rule(file_.size() - at_ >= bytes, "length"); }
  uint64_t number(size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<uint8_t>(file_[at_++]);
    return value;
  }

  bool header() {
    if (!has(100)) return false;
    if (!rule(file_.substr(0, 4) == "LTX1", "magic")) return false;
    at_ = 4;
    result_.flags = static_cast<uint32_t>(number(4));
    result_.page_size = static_cast<uint32_t>(number(4));
    result_.commit = static_cast<uint32_t>(number(4));
    result_.min_txid = number(8);
    result_.max_txid = number(8);
    number(8);
    result_.pre_apply = number(8);
    const uint64_t wal_offset = number(8);
    const uint64_t wal_size = number(8);
    const uint64_t salts = number(8);
    number(8);
    result_.reserved_bytes_zero = file_.substr(80, 20) == std::string(20, '\0');
    at_ = 100;
    hashed_ = file_.substr(0, 100);
    no_checksum_ = result_.flags == 2;
    snapshot_ = result_.min_txid == 1;
    bool page_size_known = false;
    for (uint32_t size = 512; size <= 65536; size *= 2)
      page_size_known |= result_.page_size == size;
    return rule(result_.flags == 0 || result_.flags == 2, "flags") &&
           rule(page_size_known, "page size") &&
           rule(result_.min_txid > 0 && result_.min_txid <= result_.max_txid, "transaction ids") &&
           rule(wal_offset < kBit63 && wal_size < kBit63, "WAL sign") &&
           rule(wal_offset > 0 || (wal_size == 0 && salts == 0), "WAL offset") &&
           rule(snapshot_ || no_checksum_ ? result_.pre_apply == 0 : result_.pre_apply >= kBit63,
                "pre-apply");
  }

  bool frames() {
    const uint64_t lock = 0x40000000u / result_.page_size + 1;
    uint64_t last = 0;
    while (true) {
      const size_t start = at_;
      if (!has(6)) return false;
      const uint64_t pgno = number(4);
      const uint64_t flags = number(2);
      if (pgno == 0 && flags == 0) break;
      if (!rule(flags == 1, "page flags") || !has(4)) return false;
      const uint64_t size = number(4);
      if (!has(size)) return false;
      const auto page = plain_lz4(file_.substr(at_, size), result_.page_size);
      if (!rule(page.has_value() && page->size() == result_.page_size, "block")) return false;
      if (!rule(size <= result_.page_size + result_.page_size / 255 + 16, "block size"))
        return false;
      at_ += size;
      if (!rule(pgno > last && pgno <= result_.commit && pgno != lock, "page number")) return false;
      const uint64_t wanted = last + 1 == lock ? last + 2 : last + 1;
      if (!rule(!snapshot_ || pgno == wanted, "snapshot page")) return false;
      last = pgno;
      hashed_ += file_.substr(start, 10);
      hashed_ += *page;
      pages_checksum_ ^= plain_crc64(std::string(file_.substr(start, 4)) + *page);
      entries_.push_back({pgno, start, at_ - start});
      result_.pages.emplace_back(static_cast<uint32_t>(pgno), *page);
    }
    hashed_ += std::string(6, '\0');
    const uint64_t count = result_.commit - (result_.commit >= lock ? 1 : 0);
    return rule(!snapshot_ || result_.pages.size() == count, "snapshot end");
  }

  bool index() {
    std::string expected;
    for (const auto& entry : entries_) {
      for (uint64_t value : entry) {
        while (value >= 128) {
          expected += static_cast<char>(128 + value % 128);
          value /= 128;
        }
        expected += static_cast<char>(value);
      }
    }
    expected += '\0';
    if (!has(expected.size() + 8)) return false;
    if (!rule(file_.substr(at_, expected.size()) == expected, "index")) return false;
    hashed_ += file_.substr(at_, expected.size() + 8);
    at_ += expected.size();
    return rule(number(8) == expected.size(), "index length");
  }

  bool trailer() {
    if (!rule(file_.size() - at_ == 16, "end")) return false;
    hashed_ += file_.substr(at_, 8);
    result_.post_apply = number(8);
    result_.file_checksum = number(8);
    return rule(no_checksum_ ? result_.post_apply == 0 : result_.post_apply >= kBit63,
                "post-apply") &&
           rule(result_.commit > 0 || result_.post_apply == kBit63, "post-apply of nothing") &&
           rule(!snapshot_ || no_checksum_ || result_.post_apply == (kBit63 | pages_checksum_),
                "post-apply of a snapshot") &&
           rule(result_.file_checksum == (kBit63 | plain_crc64(hashed_)), "file checksum");
  }

  std::string_view file_;
  size_t at_ = 0;
  std::string hashed_;
  uint64_t pages_checksum_ = 0;
  bool snapshot_ = false;
  bool no_checksum_ = false;
  std::vector<std::array<uint64_t, 3>> entries_;
  PlainLtx result_{};
};

inline PlainLtx plain_read(std::string_view file) { return PlainLtxReader(file).read(); }

}  // namespace squall::test_support
