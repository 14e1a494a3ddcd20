// What the store tells checkers: each commit at the moment that it is applied, in commit-version
// order.
#pragma once

#include <cstdint>
#include <span>

#include "sim/store/mutation.h"
#include "sim/store/store_key_range.h"

namespace squall::sim {

// One key that a commit wrote or cleared, in the order of application. A key appears once unless a
// versionstamped key became it as well. Keys that were absent and stay absent are left out.
struct StoreRow {
  StoreKey key;
  StoreValue before;
  StoreValue after;  // the memory that the store keeps
};

// Valid during the call only; SharedBytes inside may be kept.
struct AppliedCommit {
  int64_t version;
  uint16_t batch_index;  // orders the commits of one version
  int64_t read_version;
  uint64_t origin;  // StorePacer::origin() at the call of commit()
  std::span<const StoreKeyRange> read_ranges;
  std::span<const StoreKeyRange> write_ranges;
  std::span<const StoreMutation> mutations;  // every write call of the client, in its order
  std::span<const StoreRow> rows;
};

class StoreObserver {
 public:
  virtual ~StoreObserver() = default;
  virtual void on_applied(const AppliedCommit& commit) = 0;
  // The store refused a value or a transaction for its size.
  virtual void on_over_limit(StoreCode, uint64_t /*size_bytes*/) {}
};

}  // namespace squall::sim
