// What must never be in a run, planted on purpose, so that `squall determinism` can show that it
// finds it. Each comes through RunOptions::planted_latency_us and touches the run from its 40th
// message on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace squall::commands {

enum class Nondeterminism : uint8_t {
  kClock,    // a real clock is read
  kPointer,  // objects are iterated in the order of their addresses
  kLeak,     // state of one seed is there in the next
};
std::optional<Nondeterminism> parse_nondeterminism(
    std::string_view name);  // "clock", "pointer", "leak"

class PlantedNondeterminism {
 public:
  explicit PlantedNondeterminism(Nondeterminism kind) : kind_(kind) {}
  // For the next run of this process; borrows this object.
  std::function<int64_t()> next_run();

 private:
  Nondeterminism kind_;
  int64_t runs_before_ = -1;
};

}  // namespace squall::commands
