// Draws of a plan: each is a hash of the seed, a name and an index, never the next of a stream. A
// new draw leaves all others as they were, so seeds survive changes of a scenario.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "engine/assert.h"
#include "sim/keyed_hash.h"

namespace squall::scenarios {

class Draw {
 public:
  explicit Draw(uint64_t key) : key_(key) {}

  // The draws of a part of the plan: independent of all others.
  Draw part(std::string_view name, uint64_t index = 0) const { return Draw(bits(name, index)); }

  uint64_t bits(std::string_view name, uint64_t index = 0) const {
    return sim::keyed_hash(key_, hash_name(name), index);
  }
  // least..most, both included.
  int64_t between(std::string_view name, int64_t least, int64_t most, uint64_t index = 0) const {
    SQUALL_ASSERT(least <= most);
    return least + static_cast<int64_t>(
                       sim::below(bits(name, index), static_cast<uint64_t>(most - least) + 1));
  }
  bool percent(std::string_view name, uint64_t percent, uint64_t index = 0) const {
    return sim::below(bits(name, index), 100) < percent;
  }
  template <typename T>
  T pick(std::string_view name, std::initializer_list<T> choices, uint64_t index = 0) const {
    return choices.begin()[sim::below(bits(name, index), choices.size())];
  }
  // As many small numbers as large ones in each doubling; least > 0.
  int64_t scaled(std::string_view name, int64_t least, int64_t most, uint64_t index = 0) const;

 private:
  static constexpr uint64_t hash_name(std::string_view name) {
    uint64_t hash = 0xCBF29CE484222325ull;  // FNV-1a
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
    return hash;
  }

  uint64_t key_;
};

}  // namespace squall::scenarios
