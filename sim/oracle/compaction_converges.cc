#include "sim/oracle/compaction_converges.h"

#include <fmt/format.h>

#include <string>

namespace squall::sim {
namespace {

std::string left_to_fold(const Head& head, const ScannedActor& scanned) {
  if (!scanned.index.empty()) return fmt::format("{} index rows", scanned.index.size());
  for (const auto& [name, blob] : scanned.deltas) {
    if (name.txid <= head.head_txid) return fmt::format("delta {}/{}", name.txid, name.chunk);
  }
  for (const auto& [shard, blob] : scanned.shards) {
    if (blob.size && blob.size->last_pgno > head.size_pages) {
      return fmt::format("shard {} with page {} past the size of {}", shard, blob.size->last_pgno, head.size_pages);
    }
  }
  if (head.materialized_txid != head.head_txid) return fmt::format("materialized txid {}", head.materialized_txid);
  return {};
}

}  // namespace

bool check_converged(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned) {
  const std::string left = left_to_fold(head, scanned);
  return judge.expect(left.empty(), Invariant::kCompactionConverges, "final", [&] {
    return fmt::format("actor {} at head {}: nobody has written to it for long, and there is still {}", actor,
                       head.head_txid, left);
  });
}

}  // namespace squall::sim
