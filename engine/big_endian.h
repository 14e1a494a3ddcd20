// Big-endian integers, as keys and LTX files hold them.
#pragma once

#include <cstdint>
#include <cstring>

namespace squall {

inline void put_u32(char* out, uint32_t value) {
  value = __builtin_bswap32(value);
  std::memcpy(out, &value, sizeof value);
}
inline void put_u64(char* out, uint64_t value) {
  value = __builtin_bswap64(value);
  std::memcpy(out, &value, sizeof value);
}
inline uint32_t get_u32(const char* in) {
  uint32_t value;
  std::memcpy(&value, in, sizeof value);
  return __builtin_bswap32(value);
}
inline uint64_t get_u64(const char* in) {
  uint64_t value;
  std::memcpy(&value, in, sizeof value);
  return __builtin_bswap64(value);
}
inline uint16_t get_u16(const char* in) {
  return static_cast<uint16_t>(static_cast<uint8_t>(in[0]) << 8 | static_cast<uint8_t>(in[1]));
}
inline void put_u16(char* out, uint16_t value) {
  value = __builtin_bswap16(value);
  std::memcpy(out, &value, sizeof value);
}

}  // namespace squall
