#include "sim/oracle/head_monotonic.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kHead = Invariant::kHeadMonotonic;

struct Moved {
  const char* what;
  uint64_t before;
  uint64_t after;
};

}  // namespace

bool check_head_monotonic(Judge& judge, ActorId actor, const Head& before, const Head& after) {
  const Moved moves[] = {
      {"head txid", before.head_txid, after.head_txid},
      {"materialized txid", before.materialized_txid, after.materialized_txid},
      {"compaction epoch", before.compaction_epoch, after.compaction_epoch},
      {"last shrink", before.last_shrink_txid, after.last_shrink_txid},
  };
  for (const Moved& move : moves) {
    const bool holds = judge.expect(move.after >= move.before, kHead, "went-back", [&] {
      return fmt::format("actor {}: the {} went back from {} to {} (generation {} to {})", actor,
                         move.what, move.before, move.after, before.generation, after.generation);
    });
    if (!holds) return false;
  }
  const bool same_birth = after.creation_ts_ms == before.creation_ts_ms;
  if (!same_birth) {
    judge.violated(kHead, "changed-in-place",
                   fmt::format("actor {}: the time of its creation went from {} to {} ms", actor,
                               before.creation_ts_ms, after.creation_ts_ms));
    return false;
  }
  if (after.head_txid == before.head_txid) {
    return judge.expect(
        after.size_pages == before.size_pages && after.last_commit == before.last_commit, kHead,
        "changed-in-place", [&] {
          return fmt::format("actor {}: without a commit, head {} went from {} to {} pages", actor,
                             before.head_txid, before.size_pages, after.size_pages);
        });
  }
  return judge.expect(after.head_txid == before.head_txid + 1, kHead, "jumped", [&] {
    return fmt::format("actor {}: the head jumped from {} to {}", actor, before.head_txid,
                       after.head_txid);
  });
}

void report_head_lost(Judge& judge, ActorId actor, const std::string& why) {
  judge.violated(kHead, "unreadable",
                 fmt::format("actor {}: the head record is lost: {}", actor, why));
}

}  // namespace squall::sim
