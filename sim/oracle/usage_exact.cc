#include "sim/oracle/usage_exact.h"

#include <fmt/format.h>

namespace squall::sim {

bool check_usage(Judge& judge, const ActorTruth& actor) {
  const auto stated = actor.head ? static_cast<int64_t>(actor.head->storage_used) : 0;
  return judge.expect(stated == actor.stored_bytes, Invariant::kUsageExact, "head", [&] {
    return fmt::format("actor {} at head {}, epoch {}: the head says {} bytes, the rows take {}",
                       actor.actor, actor.head ? actor.head->head_txid : 0,
                       actor.head ? actor.head->compaction_epoch : 0, stated, actor.stored_bytes);
  });
}

}  // namespace squall::sim
