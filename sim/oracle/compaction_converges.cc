#include "sim/oracle/compaction_converges.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "engine/structure.h"

namespace squall::sim {
namespace {

std::string left_to_fold(const Head& head, const ScannedActor& scanned) {
  if (!scanned.index.empty()) return fmt::format("{} index rows", scanned.index.size());
  for (const auto& [name, blob] : scanned.deltas) {
    if (name.txid <= head.head_txid) return fmt::format("delta {}/{}", name.txid, name.chunk);
  }
  for (const auto& [shard, blob] : scanned.shards) {
    if (blob.size && blob.size->last_pgno > head.size_pages) {
      return fmt::format("shard {} with page {} past the size of {}", shard, blob.size->last_pgno,
                         head.size_pages);
    }
  }
  if (head.materialized_txid != head.head_txid)
    return fmt::format("materialized txid {}", head.materialized_txid);
  return {};
}

constexpr uint64_t kCommitsToCatchUp = 24;

// A few passes, each some store round trips of which one may be a hundred times slower than the
// others; and the waits of tries that lost.
int64_t catch_up_us(const Knobs& knobs) { return 2'000'000 + 400 * knobs.store_latency_us; }

}  // namespace

void check_compaction_keeps_up(Judge& judge, const ActorTruth& actor, uint64_t lag,
                               int64_t lasts_us, const Knobs& knobs) {
  const bool keeps_up = actor.lag_commits <= kCommitsToCatchUp || lasts_us <= catch_up_us(knobs);
  judge.expect(keeps_up, Invariant::kCompactionConverges, "lag", [&] {
    return fmt::format(
        "actor {} at head {}: {} commits are not folded, the threshold is {}, and in {} ms and {} "
        "commits "
        "no compaction has landed, though nothing went wrong with one",
        actor.actor, actor.head->head_txid, lag, knobs.compact_deltas, lasts_us / 1000,
        actor.lag_commits);
  });
}

bool check_boundary(Judge& judge, const SimulatedStore& store, ActorId actor, const Head& after,
                    std::span<const StoreRow> rows, const Knobs& knobs) {
  const auto shards = std::count_if(rows.begin(), rows.end(), [](const StoreRow& row) {
    const std::optional<ParsedKey> key = parse_key(row.key.view());
    return key && key->kind == ParsedKey::Kind::kShardSize;
  });
  if (shards >= knobs.shards_per_pass) return true;
  // It waits while newer pages of it lie in deltas.
  bool has_newer = false;
  store.scan(index_key(actor, shard_of(after.size_pages) * kPagesPerShard),
             tag_end_key(actor, RowTag::kIndex), [&](std::string_view, const SharedBytes&) {
               has_newer = true;
               return false;
             });
  if (has_newer) return true;
  // It has seen the newest shrink, or it would not have landed; since then there was only growth.
  const Key key = shard_size_key(actor, shard_of(after.size_pages));
  const StoreValue value = store.peek(key);
  const auto size = value ? decode_size_row(actor, key, *value) : Result<SizeRow>(SizeRow());
  const bool within = !size || size->last_pgno <= after.size_pages;
  return judge.expect(within, Invariant::kCompactionConverges, "boundary", [&] {
    return fmt::format(
        "actor {} at head {}: a compaction of {} shards, where {} were possible, left page {} past "
        "the size of {}",
        actor, after.head_txid, shards, knobs.shards_per_pass, size->last_pgno, after.size_pages);
  });
}

bool check_converged(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned) {
  const std::string left = left_to_fold(head, scanned);
  return judge.expect(left.empty(), Invariant::kCompactionConverges, "final", [&] {
    return fmt::format(
        "actor {} at head {}: nobody has written to it for long, and there is still {}", actor,
        head.head_txid, left);
  });
}

}  // namespace squall::sim
