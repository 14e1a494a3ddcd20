// Where two runs of one seed part: their traces, event by event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/commands/arguments.h"
#include "sim/commands/hash_process.h"

namespace squall::commands {

struct TracedEvent {
  uint64_t event = 0;
  std::string hash;                // when the event began
  std::vector<std::string> lines;  // of its trace
  friend bool operator==(const TracedEvent&, const TracedEvent&) = default;
};

struct Divergence {
  uint64_t event = 0;  // the first that differs in its hash, its time or its trace
  bool needs_predecessors =
      false;  // alone, the seed runs alike: something leaks from the seeds before it
  std::vector<TracedEvent> common;  // the last before it
  std::vector<TracedEvent> first;   // from it on, upwards…
  std::vector<TracedEvent> second;  // … and downwards
};

struct DivergenceSearch {
  std::string executable;
  std::string scenario;
  SeedRange seeds;  // what each process had run: downwards, the second began at the last
  uint64_t seed = 0;
  std::string planted;
};

// Nothing: the two agreed when run again, or a process died. Runs four processes at most, two at a
// time.
std::optional<Divergence> find_divergence(const DivergenceSearch& search);

}  // namespace squall::commands
