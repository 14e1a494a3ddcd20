#include "sim/store/range_set.h"

#include <algorithm>
#include <cstddef>

#include "engine/assert.h"

namespace squall::sim {

size_t RangeSet::first_ending_after(const StoreKey& key) const {
  const auto it = std::partition_point(ranges_.begin(), ranges_.end(),
                                       [&](const Range& range) { return range.end <= key; });
  return static_cast<size_t>(it - ranges_.begin());
}

const RangeSet::Range* RangeSet::find(const StoreKey& key) const {
  const size_t index = first_ending_after(key);
  if (index == ranges_.size() || key < ranges_[index].begin) return nullptr;
  return &ranges_[index];
}

void RangeSet::add(StoreKey begin, StoreKey end) {
  SQUALL_ASSERT(begin < end);
  // Touching ranges are merged as well, so the first one affected is the first that ends at or
  // after begin.
  const auto first = std::partition_point(ranges_.begin(), ranges_.end(),
                                          [&](const Range& range) { return range.end < begin; });
  auto last = first;
  while (last != ranges_.end() && last->begin <= end) {
    begin = std::min(begin, last->begin);
    end = std::max(end, last->end);
    ++last;
  }
  if (first == last) {
    ranges_.insert(first, {std::move(begin), std::move(end)});
    return;
  }
  *first = {std::move(begin), std::move(end)};
  ranges_.erase(first + 1, last);
}

void RangeSet::subtract(const StoreKey& begin, const StoreKey& end) {
  SQUALL_ASSERT(begin < end);
  size_t index = first_ending_after(begin);
  while (index < ranges_.size() && ranges_[index].begin < end) {
    Range cut = std::move(ranges_[index]);
    ranges_.erase(ranges_.begin() + static_cast<ptrdiff_t>(index));
    const bool tail_left = end < cut.end;
    if (cut.begin < begin) {
      ranges_.insert(ranges_.begin() + static_cast<ptrdiff_t>(index), {cut.begin, begin});
      ++index;
    }
    if (tail_left) {
      ranges_.insert(ranges_.begin() + static_cast<ptrdiff_t>(index), {end, cut.end});
      return;
    }
  }
}

}  // namespace squall::sim
