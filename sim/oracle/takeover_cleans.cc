#include "sim/oracle/takeover_cleans.h"

#include <fmt/format.h>

#include <string>

#include "engine/rows.h"

namespace squall::sim {
namespace {

constexpr auto kCleans = Invariant::kTakeoverCleans;

bool is_empty(const SimulatedStore& store, const Key& begin, const Key& end) {
  bool empty = true;
  store.scan(begin, end, [&](std::string_view, const SharedBytes&) { return empty = false; });
  return empty;
}

// What is wrong with the first index row that should have gone; empty: none.
std::string left_index_row(const SimulatedStore& store, ActorId actor, const Head& head) {
  std::string left;
  const Key begin = tag_key(actor, RowTag::kIndex);
  store.scan(begin, tag_end_key(actor, RowTag::kIndex),
             [&](std::string_view key, const SharedBytes& value) {
               const uint32_t pgno = get_u32(key.data() + kHeadKeyBytes);
               const Result<IndexRow> row = decode_index_row(actor, key, value);
               if (pgno > head.size_pages) {
                 left = fmt::format("the index row of page {}, past the size of {}", pgno,
                                    head.size_pages);
               } else if (row && row->txid > head.head_txid) {
                 left =
                     fmt::format("the index row of page {}, which names delta {}", pgno, row->txid);
               }
               return left.empty();
             });
  return left;
}

std::string left_over(const SimulatedStore& store, ActorId actor, const Head& head) {
  if (head.next_txid != head.head_txid + 1)
    return fmt::format("next txid {}, as if a stage were open", head.next_txid);
  if (!is_empty(store, stage_key(actor), tag_end_key(actor, RowTag::kStage)))
    return "a row of an open stage";
  for (const RowTag tag : {RowTag::kDeltaSize, RowTag::kDelta}) {
    if (!is_empty(store, delta_txid_key(actor, tag, head.head_txid + 1), tag_end_key(actor, tag))) {
      return "a delta above the head";
    }
  }
  return left_index_row(store, actor, head);
}

}  // namespace

bool check_takeover_clean(Judge& judge, const SimulatedStore& store, ActorId actor,
                          const Head& after) {
  const std::string left = left_over(store, actor, after);
  return judge.expect(left.empty(), kCleans, "takeover", [&] {
    return fmt::format("actor {}: start {} took over at head {} and left {}", actor,
                       after.owner.start_sequence, after.head_txid, left);
  });
}

}  // namespace squall::sim
