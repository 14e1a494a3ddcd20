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

// A landing is a commit, a compaction, a takeover, or none of them, and changes what is its own.
bool check_one_step(Judge& judge, ActorId actor, const Head& before, const Head& after) {
  const bool commits = after.head_txid != before.head_txid;
  const bool compacts = after.compaction_epoch != before.compaction_epoch;
  const bool takes_over = after.generation != before.generation;
  const bool folds = after.materialized_txid != before.materialized_txid;
  const bool shrinks = commits && after.size_pages < before.size_pages;
  const uint64_t shrunk = shrinks ? after.head_txid : before.last_shrink_txid;
  const bool holds = commits + compacts + takes_over <= 1 && (compacts || !folds) &&
                     after.last_shrink_txid == shrunk;
  return judge.expect(holds, kHead, "changed-along", [&] {
    return fmt::format(
        "actor {}: head {} to {}, generation {} to {}, epoch {} to {}, materialized {} to {}, last "
        "shrink {} to {}, {} to {} pages: no commit, compaction or takeover does that",
        actor, before.head_txid, after.head_txid, before.generation, after.generation,
        before.compaction_epoch, after.compaction_epoch, before.materialized_txid,
        after.materialized_txid, before.last_shrink_txid, after.last_shrink_txid, before.size_pages,
        after.size_pages);
  });
}

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
  const bool commits = after.head_txid != before.head_txid;
  if (!commits &&
      (after.size_pages != before.size_pages || after.last_commit != before.last_commit)) {
    judge.violated(kHead, "changed-in-place",
                   fmt::format("actor {}: without a commit, head {} went from {} to {} pages",
                               actor, before.head_txid, before.size_pages, after.size_pages));
    return false;
  }
  const uint64_t furthest = before.head_txid + 1;
  const bool jumps = after.head_txid > furthest;
  return judge.expect(!jumps, kHead, "jumped", [&] {
    return fmt::format("actor {}: the head jumped from {} to {}", actor, before.head_txid,
                       after.head_txid);
  }) && check_one_step(judge, actor, before, after);
}

void report_head_lost(Judge& judge, ActorId actor, const std::string& why) {
  judge.violated(kHead, "unreadable",
                 fmt::format("actor {}: the head record is lost: {}", actor, why));
}

}  // namespace squall::sim
