// A set of keys as sorted, disjoint, non-touching ranges: what a transaction has cleared, what it
// may not read, what it read.
#pragma once

#include <vector>

#include "sim/store/store_key_range.h"

namespace squall::sim {

class RangeSet {
 public:
  struct Range {
    StoreKey begin;
    StoreKey end;
  };

  // Both need begin < end.
  void add(StoreKey begin, StoreKey end);
  void subtract(const StoreKey& begin, const StoreKey& end);

  bool contains(const StoreKey& key) const { return find(key) != nullptr; }
  // The range that holds the key, or null.
  const Range* find(const StoreKey& key) const;
  // Index of the first range that ends past the key; size() when none does.
  size_t first_ending_after(const StoreKey& key) const;

  const std::vector<Range>& ranges() const { return ranges_; }
  bool empty() const { return ranges_.empty(); }
  void clear() { ranges_.clear(); }

 private:
  std::vector<Range> ranges_;
};

}  // namespace squall::sim
