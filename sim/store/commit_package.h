// One commit in flight. The store owns it from submission until it has landed and its client has
// heard of it, or will never ask.
#pragma once

#include <optional>
#include <vector>

#include "sim/store/store_key_range.h"
#include "sim/store/write_set.h"

namespace squall::sim {

struct CommitPackage {
  int64_t read_version = 0;
  uint64_t origin = 0;
  uint64_t version_draw = 0;  // random; for the version's step
  int64_t told_us = 0;        // when the client hears of it
  std::vector<StoreKeyRange> read_ranges;
  std::vector<StoreKeyRange> write_ranges;  // added by hand, beside those of the writes
  WriteSet writes;

  bool in_flight = false;  // submitted, not yet landed

  // Set when it lands.
  bool landed = false;
  std::optional<StoreCode> refusal;
  int64_t version = 0;
  uint16_t batch_index = 0;

  bool client_gone = false;
};

}  // namespace squall::sim
