// BARE (baremessages.org), as far as the head record, the rows and the wire messages need it: fixed
// little-endian integers, varints, data with a varint length. Reading is strict: a varint in more
// bytes than it needs is refused, so that a value has one encoding only.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace squall::bare {

// Host order is little-endian on every machine that this builds for.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

template <typename T>
inline void store(char* out, T value) {
  std::memcpy(out, &value, sizeof value);
}
template <typename T>
inline T load(const char* in) {
  T value;
  std::memcpy(&value, in, sizeof value);
  return value;
}

class Writer {
 public:
  explicit Writer(std::string* out) : out_(out) {}

  void u8(uint8_t value) { out_->push_back(static_cast<char>(value)); }
  void u32(uint32_t value) { fixed(value); }
  void u64(uint64_t value) { fixed(value); }
  void uint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) u8(static_cast<uint8_t>(value | 0x80));
    u8(static_cast<uint8_t>(value));
  }
  void data(std::string_view bytes) {
    uint(bytes.size());
    out_->append(bytes);
  }

 private:
  template <typename T>
  void fixed(T value) {
    char bytes[sizeof value];
    store(bytes, value);
    out_->append(bytes, sizeof bytes);
  }
  std::string* out_;
};

// After the first read that fails, every read fails and gives zeros: check ok() once at the end of
// a group.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  uint8_t u8() { return fixed<uint8_t>(); }
  uint32_t u32() { return fixed<uint32_t>(); }
  uint64_t u64() { return fixed<uint64_t>(); }
  uint64_t uint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = u8();
      if (!ok_) return 0;
      const bool overflows = shift == 63 && byte > 1;
      const bool overlong = shift > 0 && byte == 0;
      if (overflows || overlong) break;
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view data() { return bytes(uint()); }
  std::string_view bytes(uint64_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return {};
    }
    std::string_view result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return result;
  }
  // The length of a list whose items take at least min_item_bytes each: refused when they can't all
  // be there.
  uint64_t count(size_t min_item_bytes) {
    const uint64_t items = uint();
    if (ok_ && items <= rest_.size() / min_item_bytes) return items;
    ok_ = false;
    return 0;
  }

 private:
  template <typename T>
  T fixed() {
    const std::string_view raw = bytes(sizeof(T));
    return ok_ ? load<T>(raw.data()) : T{};
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace squall::bare
