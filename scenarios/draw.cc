#include "scenarios/draw.h"

#include <algorithm>

namespace squall::scenarios {

// In whole numbers only: the same on every machine.
int64_t Draw::scaled(std::string_view name, int64_t least, int64_t most, uint64_t index) const {
  SQUALL_ASSERT(least > 0);
  SQUALL_ASSERT(least <= most);
  int64_t doublings = 0;
  while (least << doublings < most) ++doublings;
  const int64_t from = least << between(name, 0, std::max<int64_t>(doublings - 1, 0), index);
  const int64_t up_to = std::min(from * 2, most);
  return from + static_cast<int64_t>(sim::below(sim::keyed_hash(bits(name, index), 1),
                                                static_cast<uint64_t>(up_to - from) + 1));
}

}  // namespace squall::scenarios
