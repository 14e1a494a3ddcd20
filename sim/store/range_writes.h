// When ranges were last written as ranges (range clears, write conflict ranges): a step function
// from key to version. Writes of single keys are in the versioned map; a conflict check asks both.
#pragma once

#include <absl/container/btree_map.h>

#include "sim/store/store_key_range.h"

namespace squall::sim {

class RangeWrites {
 public:
  // At a version that is >= every one before. Needs begin < end.
  void add(const StoreKey& begin, const StoreKey& end, int64_t version);
  bool written_after(const StoreKey& key, int64_t version) const;
  bool written_after(const StoreKey& begin, const StoreKey& end, int64_t version) const;
  // Forgets versions <= oldest, now and then.
  void trim(int64_t oldest);

 private:
  static constexpr size_t kMinSizeToTrim = 16;

  // Each version holds from its key to the next one; 0 before the first.
  absl::btree_map<StoreKey, int64_t> steps_;
  int64_t newest_ = 0;
  size_t size_to_trim_ = kMinSizeToTrim;
};

}  // namespace squall::sim
