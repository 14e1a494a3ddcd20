// What command lines are made of: seed ranges, shards, durations. Errors are one clause, ready for
// a message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace squall::commands {

inline constexpr uint64_t kMaxSeed = (uint64_t{1} << 53) - 1;  // what a JSON number carries exactly

template <typename T>
using Parsed = tl::expected<T, std::string>;

// Both ends included; 1 <= first <= last <= kMaxSeed.
struct SeedRange {
  uint64_t first = 1;
  uint64_t last = 1;
  uint64_t size() const { return last - first + 1; }
  friend bool operator==(const SeedRange&, const SeedRange&) = default;
};

// Of each `count` consecutive seeds the index-th: seed % count == index % count, so that shards
// stay level.
struct Shard {
  uint64_t index = 1;  // 1 to count
  uint64_t count = 1;
  bool holds(uint64_t seed) const { return seed % count == index % count; }
  friend bool operator==(const Shard&, const Shard&) = default;
};

Parsed<uint64_t> parse_seed(std::string_view text);         // "17"
Parsed<SeedRange> parse_seed_range(std::string_view text);  // "1..1000", or one seed: "17"
Parsed<Shard> parse_shard(std::string_view text);           // "2/8"
Parsed<double> parse_duration_s(
    std::string_view text);  // "60s", "10m", "2h"; above 0, at most 1000 h

}  // namespace squall::commands
