// StoreKey: a key of the simulated store, 32 bytes wide. Keys of up to 31 bytes lie inside the
// object, zero-padded, with their length in the last byte, so that four big-endian words order them
// as their bytes do (of two keys whose padded bytes are equal, the shorter is a prefix of the other
// and its length byte is smaller). Longer keys live on the heap and compare by memcmp.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace squall::sim {

class StoreKey {
 public:
  static constexpr size_t kInlineBytes = 31;

  StoreKey() = default;
  explicit StoreKey(std::string_view bytes) { assign(bytes); }
  StoreKey(const StoreKey& other) { copy_from(other); }
  StoreKey(StoreKey&& other) noexcept { steal_from(other); }
  StoreKey& operator=(const StoreKey& other) {
    if (this != &other) {
      free_heap();
      copy_from(other);
    }
    return *this;
  }
  StoreKey& operator=(StoreKey&& other) noexcept {
    if (this != &other) {
      free_heap();
      steal_from(other);
    }
    return *this;
  }
  ~StoreKey() { free_heap(); }

  // The first key after `bytes`: its bytes and a zero.
  static StoreKey after(std::string_view bytes);

  std::string_view view() const {
    if (is_inline()) return {bytes_, static_cast<unsigned char>(bytes_[kTag])};
    return {heap(), heap_size()};
  }
  bool empty() const { return bytes_[kTag] == 0; }
  size_t size() const { return view().size(); }

  bool is_inline() const { return bytes_[kTag] != kOnHeap; }
  // a < b where both are inline. Which word differs is easy to predict (neighbours share their
  // prefix), so only the answer itself is left without a branch.
  static bool inline_less(const StoreKey& a, const StoreKey& b) {
    for (int i = 0; i < 3; ++i) {
      const uint64_t left = a.word(i), right = b.word(i);
      if (left != right) return left < right;
    }
    return a.word(3) < b.word(3);
  }

  friend bool operator<(const StoreKey& a, const StoreKey& b) {
    if (a.is_inline() && b.is_inline()) [[likely]]
      return inline_less(a, b);
    return a.view() < b.view();
  }
  friend bool operator==(const StoreKey& a, const StoreKey& b) {
    if (a.is_inline() && b.is_inline()) [[likely]] {
      return std::memcmp(a.bytes_, b.bytes_, sizeof(a.bytes_)) == 0;
    }
    return a.view() == b.view();
  }
  friend bool operator<=(const StoreKey& a, const StoreKey& b) { return !(b < a); }
  friend bool operator>(const StoreKey& a, const StoreKey& b) { return b < a; }
  friend bool operator>=(const StoreKey& a, const StoreKey& b) { return !(a < b); }
  friend bool operator!=(const StoreKey& a, const StoreKey& b) { return !(a == b); }

 private:
  static constexpr size_t kTag = 31;
  static constexpr char kOnHeap = '\xff';

  uint64_t word(int index) const {
    uint64_t result;
    std::memcpy(&result, bytes_ + 8 * index, 8);
    return __builtin_bswap64(result);
  }
  void assign(std::string_view bytes) {
    if (bytes.size() > kInlineBytes) return assign_heap(bytes);
    if (!bytes.empty()) std::memcpy(bytes_, bytes.data(), bytes.size());
    bytes_[kTag] = static_cast<char>(bytes.size());
  }
  void copy_from(const StoreKey& other) {
    if (!other.is_inline()) {
      std::memset(bytes_, 0, sizeof(bytes_));
      return assign_heap(other.view());
    }
    std::memcpy(bytes_, other.bytes_, sizeof(bytes_));
  }
  void steal_from(StoreKey& other) noexcept {
    std::memcpy(bytes_, other.bytes_, sizeof(bytes_));
    if (!is_inline()) std::memset(other.bytes_, 0, sizeof(other.bytes_));
  }
  char* heap() const {
    char* result;
    std::memcpy(&result, bytes_, sizeof(result));
    return result;
  }
  size_t heap_size() const {
    size_t result;
    std::memcpy(&result, bytes_ + sizeof(char*), sizeof(result));
    return result;
  }
  void assign_heap(std::string_view bytes);
  void free_heap() {
    if (!is_inline()) delete[] heap();
  }

  alignas(8) char bytes_[32] = {};
};

// The end of the user's keyspace: no key is at or past it.
inline StoreKey keyspace_end() { return StoreKey("\xff"); }
inline bool is_past_keyspace(std::string_view key) { return !key.empty() && key[0] == '\xff'; }

}  // namespace squall::sim
