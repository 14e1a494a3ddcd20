// The figures of `squall bench`. Every run is in a forked child of its own, warmed up first, so
// that no figure depends on the one before; bare and system take turns, and a ratio is the median
// of the ratios of the turns.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "sim/commands/bench_load.h"
#include "sim/commands/system.h"

namespace squall::commands {

struct BenchFigure {
  std::string name;     // "one-page commit"
  std::string system;   // "bare", "without oracles", "all oracles"; empty where it makes no sense
  uint32_t actors = 0;  // 0: not about actors
  double value = 0;
  std::string unit;
  std::optional<double> ratio;  // to bare
  std::optional<double> bar;    // for the ratio where there is one, else for the value
  bool bar_is_least = false;    // else it is the most
  bool met() const;
};

// The error is one clause: which run failed and how.
using BenchError = std::string;
tl::expected<void, BenchError> bench(const System& system,
                                     const std::function<void(const BenchFigure&)>& show);

}  // namespace squall::commands
