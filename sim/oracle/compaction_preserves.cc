#include "sim/oracle/compaction_preserves.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/rows.h"
#include "engine/structure.h"
#include "sim/oracle/materialized_sound.h"
#include "sim/oracle/stored_actor.h"

namespace squall::sim {
namespace {

constexpr auto kPreserves = Invariant::kCompactionPreserves;
constexpr auto kPlacement = Invariant::kShardPlacement;

class CompactionCheck {
 public:
  CompactionCheck(Judge& judge, const SimulatedStore& store, StoredBlobReader& blobs,
                  PageBlame& blame, const ActorTruth& actor)
      : judge_(judge), store_(store), blobs_(blobs), blame_(blame), actor_(actor) {}

  bool shard_written(uint32_t shard, std::string_view first_value) {
    pages_.clear();
    const auto problem = blobs_.read(shard_key(actor_.actor, shard), first_value, &pages_);
    if (problem) {
      judge_.violated(
          kPreserves, "shard",
          fmt::format("actor {}: compaction wrote shard {}: {}", actor_.actor, shard, *problem));
      return false;
    }
    if (!in_range(shard)) return false;
    const uint32_t first = std::max(1u, shard * kPagesPerShard);
    const uint32_t last =
        std::min(actor_.image->size_pages(), shard * kPagesPerShard + kPagesPerShard - 1);
    // A delta blob's LTX txid is one above the commit's.
    const uint64_t covered_txid = blobs_.header().max_txid - 1;
    for (uint32_t pgno = first; pgno <= last; ++pgno) {
      const std::optional<IndexRow> row = index_row(pgno);
      if (row && !check_coverage(judge_, actor_.actor, shard, covered_txid, pgno, *row))
        return false;
      if (!row && !holds_page(shard, pgno)) return false;
    }
    return true;
  }

  // A page that lost its index row now depends on its shard, which this compaction must have
  // written or left right.
  bool row_cleared(uint32_t pgno, std::span<const uint32_t> written_shards) {
    const uint32_t shard = shard_of(pgno);
    if (pgno > actor_.image->size_pages()) return true;
    if (std::find(written_shards.begin(), written_shards.end(), shard) != written_shards.end())
      return true;
    pages_.clear();
    if (blobs_.read(shard_key(actor_.actor, shard), &pages_)) pages_.clear();
    return holds_page(shard, pgno);
  }

  bool delta_deleted(DeltaName delta, std::string_view first_value) {
    // Its pages can be read only from what was one value; pieces went with it.
    numbers_.clear();
    blobs_.page_numbers(delta_key(actor_.actor, delta), first_value, &numbers_);
    for (const uint32_t pgno : numbers_) {
      const std::optional<IndexRow> row = index_row(pgno);
      const bool holds = judge_.expect(!row || row->delta() != delta, kPreserves, "delta", [&] {
        return fmt::format("actor {}: compaction deleted delta {}/{}, which page {} still lies in",
                           actor_.actor, delta.txid, delta.chunk, pgno);
      });
      if (!holds) return false;
    }
    return true;
  }

 private:
  std::optional<IndexRow> index_row(uint32_t pgno) const {
    return stored_index_row(store_, actor_.actor, pgno);
  }

  bool in_range(uint32_t shard) {
    for (const PendingPage& page : pages_) {
      const bool holds = judge_.expect(shard_of(page.pgno) == shard, kPlacement, "compaction", [&] {
        return fmt::format("actor {}: compaction put page {} into shard {}", actor_.actor,
                           page.pgno, shard);
      });
      if (!holds) return false;
    }
    return true;
  }
  bool holds_page(uint32_t shard, uint32_t pgno) {
    const auto place = std::find_if(pages_.begin(), pages_.end(),
                                    [&](const auto& page) { return page.pgno == pgno; });
    const bool there = judge_.expect(place != pages_.end(), kPreserves, "page-lost", [&] {
      return fmt::format(
          "actor {} at head {}: after the compaction page {} is neither in a delta nor in shard {}",
          actor_.actor, actor_.head->head_txid, pgno, shard);
    });
    if (!there) return false;
    const PageHash expected = actor_.image->page(pgno);
    return judge_.expect(place->hash == expected || expected == kUnknownPage, kPreserves,
                         "page-changed", [&] {
                           return fmt::format(
                               "actor {} at head {}: compaction put other bytes of page {} into "
                               "shard {} than were committed: "
                               "{}",
                               actor_.actor, actor_.head->head_txid, pgno, shard,
                               blame_.of_blob(actor_, shard_key(actor_.actor, shard), pgno));
                         });
  }

  Judge& judge_;
  const SimulatedStore& store_;
  StoredBlobReader& blobs_;
  PageBlame& blame_;
  const ActorTruth& actor_;
  std::vector<PendingPage> pages_;
  std::vector<uint32_t> numbers_;
};

}  // namespace

bool check_compaction(Judge& judge, const SimulatedStore& store, StoredBlobReader& blobs,
                      PageBlame& blame, const ActorTruth& actor, const AppliedCommit& commit) {
  CompactionCheck check(judge, store, blobs, blame, actor);
  std::vector<uint32_t> written_shards;
  const auto each_row = [&](auto&& visit) {
    for (const StoreRow& row : commit.rows) {
      const std::optional<ParsedKey> key = parse_key(row.key.view());
      if (key && key->actor == actor.actor && !visit(*key, row)) return false;
    }
    return true;
  };
  const bool shards_hold = each_row([&](const ParsedKey& key, const StoreRow& row) {
    if (key.kind != ParsedKey::Kind::kShard || !row.after) return true;
    written_shards.push_back(key.number);
    return check.shard_written(key.number, *row.after);
  });
  return shards_hold && each_row([&](const ParsedKey& key, const StoreRow& row) {
           if (row.after) return true;
           if (key.kind == ParsedKey::Kind::kIndex)
             return check.row_cleared(key.number, written_shards);
           if (key.kind == ParsedKey::Kind::kDelta)
             return check.delta_deleted(key.delta, *row.before);
           return true;
         });
}

}  // namespace squall::sim
