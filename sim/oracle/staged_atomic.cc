#include "sim/oracle/staged_atomic.h"

#include <fmt/format.h>

#include "engine/structure.h"

namespace squall::sim {
namespace {

constexpr auto kAtomic = Invariant::kStagedAtomic;

std::optional<StageRow> decode_stage(ActorId actor, std::string_view key, const StoreValue& value) {
  if (!value) return std::nullopt;
  const Result<StageRow> stage = decode_stage_row(actor, key, *value);
  return stage ? std::optional(*stage) : std::nullopt;
}

const StoreRow* find_row(std::span<const StoreRow> rows, const Key& key) {
  for (const StoreRow& row : rows) {
    if (row.key.view() == key.view()) return &row;
  }
  return nullptr;
}

bool belongs_to_stage(const ParsedKey& key, uint64_t txid) {
  using Kind = ParsedKey::Kind;
  switch (key.kind) {
    case Kind::kHead:
    case Kind::kStage:
    case Kind::kStageChunk: return true;
    case Kind::kDeltaSize:
    case Kind::kDelta:
    case Kind::kDeltaPiece: return key.delta.txid == txid;
    default: return false;
  }
}

}  // namespace

std::optional<StageRow> stage_written(ActorId actor, std::span<const StoreRow> rows) {
  const Key key = stage_key(actor);
  const StoreRow* row = find_row(rows, key);
  return row != nullptr ? decode_stage(actor, key, row->after) : std::nullopt;
}

std::optional<StageRow> stage_removed(ActorId actor, std::span<const StoreRow> rows) {
  const Key key = stage_key(actor);
  const StoreRow* row = find_row(rows, key);
  return row != nullptr && !row->after ? decode_stage(actor, key, row->before) : std::nullopt;
}

bool check_stage_rows(Judge& judge, ActorId actor, const Head& head,
                      std::span<const StoreRow> rows) {
  for (const StoreRow& row : rows) {
    const std::optional<ParsedKey> key = parse_key(row.key.view());
    const bool own = key && key->actor == actor && belongs_to_stage(*key, head.head_txid + 1);
    const bool holds = judge.expect(own, kAtomic, "stage", [&] {
      return fmt::format("actor {} at head {}: staging touched a row of kind {}, which is in use",
                         actor, head.head_txid, key ? static_cast<int>(key->kind) : -1);
    });
    if (!holds) return false;
  }
  return true;
}

bool check_stage_over(Judge& judge, const SimulatedStore& store, ActorId actor, const Head& head) {
  bool over = !head.stage_open();
  const Key begin = stage_key(actor);
  store.scan(begin, tag_end_key(actor, RowTag::kStage),
             [&](std::string_view, const SharedBytes&) { return over = false; });
  return judge.expect(over, kAtomic, "finalize", [&] {
    return fmt::format(
        "actor {}: commit {} landed over an open stage, and rows of the stage are left (next txid "
        "{})",
        actor, head.head_txid, head.next_txid);
  });
}

}  // namespace squall::sim
