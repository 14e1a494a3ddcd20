#include "sim/oracle/growth_explicit.h"

#include <fmt/format.h>

namespace squall::sim {

bool check_growth(Judge& judge, ActorId actor, uint64_t txid, std::span<const PendingPage> landed,
                  uint32_t old_size_pages, uint32_t new_size_pages) {
  if (new_size_pages <= old_size_pages) return true;
  uint32_t next = old_size_pages + 1;
  for (const PendingPage& page : landed) {
    if (next == kLockPage) ++next;
    if (page.pgno == next) ++next;
  }
  if (next == kLockPage) ++next;
  return judge.expect(next > new_size_pages, Invariant::kGrowthExplicit, "landing", [&] {
    return fmt::format("actor {}: commit {} grew the database from {} to {} pages without page {}",
                       actor, txid, old_size_pages, new_size_pages, next);
  });
}

}  // namespace squall::sim
