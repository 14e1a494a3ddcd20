#include "sim/oracle/index_backed.h"

#include <fmt/format.h>

#include "engine/rows.h"

namespace squall::sim {
namespace {

constexpr auto kIndex = Invariant::kIndexBacked;

std::string describe_index_row(const SimulatedStore& store, ActorId actor, uint32_t pgno) {
  const Key key = index_key(actor, pgno);
  const StoreValue value = store.peek(key);
  if (!value) return "none";
  const Result<IndexRow> row = decode_index_row(actor, key, *value);
  if (!row) return row.error().message;
  return fmt::format("one that names delta {}/{}", row->txid, row->chunk);
}

bool names(ActorId actor, std::string_view key, const StoreValue& value, DeltaName delta) {
  if (!value) return false;
  const Result<IndexRow> row = decode_index_row(actor, key, *value);
  return row && row->delta() == delta;
}

}  // namespace

bool check_landed_index(Judge& judge, const SimulatedStore& store, ActorId actor, DeltaName delta,
                        std::span<const PendingPage> pages, std::span<const StoreRow> rows,
                        size_t* cursor) {
  for (const PendingPage& page : pages) {
    const Key key = index_key(actor, page.pgno);
    while (*cursor < rows.size() && rows[*cursor].key.view() < key.view()) ++*cursor;
    const bool written = *cursor < rows.size() && rows[*cursor].key.view() == key.view();
    const bool named = names(actor, key, written ? rows[*cursor].after : store.peek(key), delta);
    const bool holds = judge.expect(named, kIndex, "landing", [&] {
      return fmt::format(
          "actor {}: commit {} landed with page {} in chunk {}; the page's index row is {}", actor,
          delta.txid, page.pgno, delta.chunk, describe_index_row(store, actor, page.pgno));
    });
    if (!holds) return false;
  }
  return true;
}

void report_delta_lost(Judge& judge, ActorId actor, uint64_t txid, const std::string& why) {
  judge.violated(kIndex, "landed-without-delta",
                 fmt::format("actor {}: commit {} landed, but {}", actor, txid, why));
}

void report_dangling(Judge& judge, ActorId actor, uint32_t pgno, DeltaName delta,
                     const std::string& why) {
  judge.violated(kIndex, "scan",
                 fmt::format("actor {}: the index row of page {} names delta {}/{}: {}", actor,
                             pgno, delta.txid, delta.chunk, why));
}

}  // namespace squall::sim
