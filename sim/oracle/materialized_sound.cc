#include "sim/oracle/materialized_sound.h"

#include <fmt/format.h>

#include <string>

namespace squall::sim {
namespace {

constexpr auto kMaterialized = Invariant::kMaterializedSound;

// The first row that says that something at or below the txid is not folded; empty: none.
std::string unfolded(const SimulatedStore& store, ActorId actor, uint64_t txid) {
  std::string found;
  for (const RowTag tag : {RowTag::kDeltaSize, RowTag::kDelta}) {
    store.scan(tag_key(actor, tag), delta_txid_key(actor, tag, txid + 1),
               [&](std::string_view key, const SharedBytes&) {
                 found = fmt::format("delta {} is there", get_u64(key.data() + kHeadKeyBytes));
                 return false;
               });
  }
  const Key begin = tag_key(actor, RowTag::kIndex);
  store.scan(begin, tag_end_key(actor, RowTag::kIndex),
             [&](std::string_view key, const SharedBytes& value) {
               const Result<IndexRow> row = decode_index_row(actor, key, value);
               if (row && row->txid <= txid) {
                 found = fmt::format("the index row of page {} names delta {}",
                                     get_u32(key.data() + kHeadKeyBytes), row->txid);
               }
               return found.empty();
             });
  return found;
}

}  // namespace

bool check_materialized(Judge& judge, const SimulatedStore& store, ActorId actor,
                        const Head& after) {
  if (after.materialized_txid == 0) return true;
  const std::string left = unfolded(store, actor, after.materialized_txid);
  return judge.expect(left.empty(), kMaterialized, "compaction", [&] {
    return fmt::format("actor {} at head {}: everything up to {} is said to be folded, and {}",
                       actor, after.head_txid, after.materialized_txid, left);
  });
}

bool check_coverage(Judge& judge, ActorId actor, uint32_t shard, uint64_t covered_txid,
                    uint32_t pgno, const IndexRow& row) {
  return judge.expect(row.txid > covered_txid, kMaterialized, "shard", [&] {
    return fmt::format(
        "actor {}: shard {} claims everything up to {}, and page {} still lies in delta {}", actor,
        shard, covered_txid, pgno, row.txid);
  });
}

}  // namespace squall::sim
