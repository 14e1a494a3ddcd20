// CRC-64/GO-ISO, the checksum of LTX: reflected polynomial 0xD800000000000000, initial value and
// final xor all ones; "123456789" gives b90956c775a41001. By carry-less multiply where the CPU has
// it (ISA-L).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace squall {

// The checksum of earlier bytes followed by bytes; 0 stands for no earlier bytes.
uint64_t crc64(uint64_t earlier, std::string_view bytes);

// Joins the checksums of two runs of bytes to that of both, one after the other, without the bytes.
// The second run has the length that the joiner was made for: 16 table lookups a join, 2 KiB of
// table.
class Crc64Joiner {
 public:
  constexpr explicit Crc64Joiner(uint64_t second_bytes) {
    const uint64_t power = x_to_the(8 * second_bytes);
    for (size_t nibble = 0; nibble < 16; ++nibble) {
      for (uint64_t value = 0; value < 16; ++value) {
        moved_[nibble][value] = product(value << 4 * nibble, power);
      }
    }
  }
  uint64_t join(uint64_t first, uint64_t second) const {
    for (const auto& nibble : moved_) {
      second ^= nibble[first & 15];
      first >>= 4;
    }
    return second;
  }

 private:
  // Polynomials over two elements, the highest power in the lowest bit, modulo that of the
  // checksum.
  static constexpr uint64_t product(uint64_t a, uint64_t b) {
    uint64_t sum = 0;
    for (uint64_t bit = uint64_t{1} << 63; bit != 0; bit >>= 1) {
      if (a & bit) sum ^= b;
      b = b & 1 ? b >> 1 ^ 0xD800000000000000 : b >> 1;
    }
    return sum;
  }
  static constexpr uint64_t x_to_the(uint64_t exponent) {
    uint64_t power = uint64_t{1} << 63;
    for (uint64_t square = uint64_t{1} << 62; exponent != 0; exponent >>= 1) {
      if (exponent & 1) power = product(power, square);
      square = product(square, square);
    }
    return power;
  }

  std::array<std::array<uint64_t, 16>, 16> moved_{};
};

}  // namespace squall
