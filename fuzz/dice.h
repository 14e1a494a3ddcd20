// Pseudo-random numbers for generators and mutators: the same sequence for the same seed on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace squall::fuzz {

class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}

  // splitmix64
  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t value = state_;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
  }
  // 0 to limit - 1; limit 0 gives 0.
  uint64_t below(uint64_t limit) { return limit == 0 ? 0 : next() % limit; }
  bool one_in(uint64_t chances) { return below(chances) == 0; }
  uint64_t pick(std::initializer_list<uint64_t> values) { return values.begin()[below(values.size())]; }

 private:
  uint64_t state_;
};

}  // namespace squall::fuzz
