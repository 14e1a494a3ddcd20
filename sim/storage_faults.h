// What the store's media do to blobs: a read that returns a flipped bit, a value that is lost until
// healing. Asked about each point read that is about to return values of blobs; the oracle hears of
// everything that was bent.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/structure.h"
#include "sim/core.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

class Oracle;

class StorageFaults {
 public:
  // Whether the plan has any of them.
  static bool may_strike(const Plan& plan);

  // None is owned; all outlive it.
  StorageFaults(Core& core, SimulatedStore& store, Oracle& oracle)
      : core_(core), store_(store), oracle_(oracle) {}

  // values[i] answers keys[i].
  void see(std::span<const std::string_view> keys, std::span<std::optional<SharedBytes>> values);

 private:
  struct Candidate {
    size_t index;
    ParsedKey key;
  };

  Core& core_;
  SimulatedStore& store_;
  Oracle& oracle_;
  std::vector<Candidate> candidates_;  // of the read at hand
};

}  // namespace squall::sim
