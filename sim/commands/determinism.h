// Every seed twice, in two exec'd processes that have nothing in common but the program: other
// addresses, another heap, the opposite order of seeds. What differs is not decided by the seed.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/commands/arguments.h"
#include "sim/commands/divergence.h"

namespace squall::commands {

struct DeterminismOptions {
  std::string executable;  // this program
  std::string scenario;
  SeedRange seeds;
  unsigned jobs = 2;    // processes at a time
  std::string planted;  // nondeterminism to plant; empty: none
};

struct SeedComparison {
  uint64_t seed = 0;
  std::string first;  // hash, events, verdict and signature, as the process said them
  std::string second;
  bool same() const { return first == second; }
};

struct DeterminismEnd {
  std::vector<std::string> failures;  // processes that died: one clause each
  bool interrupted = false;
};

// `show` gets each seed once both sides have it, with the part of the range that its processes ran.
DeterminismEnd compare_runs(
    const DeterminismOptions& options,
    const std::function<void(const SeedComparison&, const SeedRange& part)>& show);

}  // namespace squall::commands
