#include "engine/planted.h"

#ifndef SQUALL_PRODUCTION

#include "engine/assert.h"

namespace squall {

namespace internal {
std::array<bool, kMaxDefects> planted_defects{};
}

void set_planted(Defect defect, bool on) {
  SQUALL_ASSERT(static_cast<size_t>(defect) < kMaxDefects);
  internal::planted_defects[static_cast<size_t>(defect)] = on;
}

void clear_planted() { internal::planted_defects.fill(false); }

}  // namespace squall

#endif
