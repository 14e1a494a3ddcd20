// The one way to draw: a 64-bit hash of a key and of what is asked. Never a shared stream, so a new
// question leaves every other answer as it was.
#pragma once

#include <cstdint>

namespace squall::sim {

// Multiply-fold mixing (the wyhash family's step): passes for uniform in every bit that we use.
inline uint64_t mix64(uint64_t a, uint64_t b) {
  const unsigned __int128 product =
      static_cast<unsigned __int128>(a ^ 0x9E3779B97F4A7C15ull) * (b ^ 0xD6E8FEB86659FD93ull);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

template <typename... Rest>
uint64_t keyed_hash(uint64_t key, Rest... rest) {
  ((key = mix64(key, static_cast<uint64_t>(rest) + 0xA0761D6478BD642Full)), ...);
  return mix64(key, 0xE7037ED1A0B428DBull);
}

// [0, bound), bound > 0.
inline uint64_t below(uint64_t hash, uint64_t bound) {
  return static_cast<uint64_t>((static_cast<unsigned __int128>(hash) * bound) >> 64);
}

}  // namespace squall::sim
