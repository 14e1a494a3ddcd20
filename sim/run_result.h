// What a run ended in: the one type that reports, commands and the sweep see of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/plan.h"

namespace squall::sim {

enum class Verdict : uint8_t { kHeld, kViolated, kError };
const char* to_string(Verdict verdict);

struct RunResult {
  std::string scenario;
  uint64_t seed = 0;
  Verdict verdict = Verdict::kHeld;
  std::string invariant;  // of the first violation; empty when held
  std::string signature;  // invariant@site
  std::string message;
  uint64_t events = 0;
  int64_t virtual_ms = 0;
  uint64_t commits = 0;  // acknowledged engine commits
  uint64_t statements = 0;
  std::map<std::string, uint64_t, std::less<>> faults;  // every fault by name, zeros included
  std::map<std::string, uint64_t, std::less<>>
      fault_sites;  // "pause@commit-after-encode": those that fired
  std::map<std::string, uint64_t, std::less<>>
      invariants;  // times evaluated over non-empty state, zeros included
  std::map<std::string, uint64_t, std::less<>> probes;  // those that were hit, by name
  uint64_t hash = 0;                                    // rolling, over every event
  double cpu_ms = 0;
  Knobs knobs;
  std::vector<Perturbation> fired;  // all that went wrong, in order

  // The figures that a swarm is held to.
  uint64_t committing_actors = 0;  // actors with an acknowledged engine commit
  uint64_t dirty_pages = 0;        // of all acknowledged engine commits
  uint64_t commits_struck = 0;     // crashes and takeovers that met a commit in flight
  uint64_t staged_commits = 0;     // acknowledged
  uint64_t compactions = 0;        // landed
  uint64_t shrinks = 0;            // landed commits that made a database smaller
  uint64_t page_fetches = 0;       // get_pages requests sent
};

}  // namespace squall::sim
