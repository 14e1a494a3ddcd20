// Pseudo-random numbers for generators and mutators: the same sequence for the same seed on every
// machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace squall::fuzz {

class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  // Reads the numbers off a tape that must outlive the dice, then zeros: a property that draws the
  // tape shrinks what is made from it.
  explicit Dice(std::span<const uint64_t> tape) : tape_(tape), from_tape_(true) {}

  uint64_t next() {
    if (!from_tape_) return splitmix64();
    if (tape_.empty()) return 0;
    const uint64_t value = tape_.front();
    tape_ = tape_.subspan(1);
    return value;
  }
  // 0 to limit - 1; limit 0 gives 0.
  uint64_t below(uint64_t limit) { return limit == 0 ? 0 : next() % limit; }
  bool one_in(uint64_t chances) { return below(chances) == 0; }
  uint64_t pick(std::initializer_list<uint64_t> values) {
    return values.begin()[below(values.size())];
  }

 private:
  uint64_t splitmix64() {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t value = state_;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
  }

  uint64_t state_ = 0;
  std::span<const uint64_t> tape_;
  bool from_tape_ = false;
};

}  // namespace squall::fuzz
