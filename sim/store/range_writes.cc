#include "sim/store/range_writes.h"

#include <algorithm>

#include "engine/assert.h"

namespace squall::sim {

void RangeWrites::add(const StoreKey& begin, const StoreKey& end, int64_t version) {
  SQUALL_ASSERT(begin < end);
  SQUALL_ASSERT(version >= newest_);
  newest_ = version;
  auto last = steps_.lower_bound(end);
  if (last == steps_.end() || last->first != end) {
    const int64_t beyond = last == steps_.begin() ? 0 : std::prev(last)->second;
    steps_.emplace_hint(last, end, beyond);
  }
  auto first = steps_.lower_bound(begin);
  if (first->first != begin) {
    first = steps_.emplace_hint(first, begin, version);
  } else {
    first->second = version;
  }
  steps_.erase(std::next(first), steps_.lower_bound(end));
}

bool RangeWrites::written_after(const StoreKey& key, int64_t version) const {
  if (newest_ <= version) return false;
  const auto next = steps_.upper_bound(key);
  return next != steps_.begin() && std::prev(next)->second > version;
}

bool RangeWrites::written_after(const StoreKey& begin, const StoreKey& end, int64_t version) const {
  if (newest_ <= version) return false;
  if (written_after(begin, version)) return true;
  for (auto it = steps_.upper_bound(begin); it != steps_.end() && it->first < end; ++it) {
    if (it->second > version) return true;
  }
  return false;
}

void RangeWrites::trim(int64_t oldest) {
  if (steps_.size() < size_to_trim_) return;
  int64_t before = 0;
  for (auto it = steps_.begin(); it != steps_.end();) {
    if (it->second <= oldest) it->second = 0;
    if (it->second == before) {
      it = steps_.erase(it);
    } else {
      before = it->second;
      ++it;
    }
  }
  size_to_trim_ = std::max(kMinSizeToTrim, 2 * steps_.size());
}

}  // namespace squall::sim
