#include "engine/actor_rows.h"

#include <fmt/format.h>

#include "engine/planted.h"
#include "engine/structure.h"

namespace squall {
namespace {

using Kind = ParsedKey::Kind;

// Puts one row where it belongs; rows come in key order.
Result<void> take_row(ActorId actor, const ParsedKey& key, const KeyValue& row, ActorRows* rows) {
  switch (key.kind) {
    case Kind::kIndex: {
      auto value = decode_index_row(actor, row.key, row.value);
      if (!value && planted(Defect::kDeleteNotCredited)) return {};
      if (!value) return Failure(std::move(value.error()));
      rows->index.append(key.number, *value);
      return {};
    }
    case Kind::kStage: {
      auto value = decode_stage_row(actor, row.key, row.value);
      if (!value) return Failure(std::move(value.error()));
      rows->stage = *value;
      return {};
    }
    case Kind::kDeltaSize:
    case Kind::kShardSize: {
      auto value = decode_size_row(actor, row.key, row.value);
      if (!value) return Failure(std::move(value.error()));
      if (key.kind == Kind::kDeltaSize) {
        rows->deltas.emplace_hint(rows->deltas.end(), key.delta, *value);
      } else {
        rows->shards.emplace_hint(rows->shards.end(), key.number, *value);
      }
      return {};
    }
    default: return {};
  }
}

// The rows from META up to `end`.
Attempted<std::optional<ActorRows>> load_until(Transaction& transaction, ActorId actor,
                                               const Key& end, ReadMode mode) {
  const Key begin = head_key(actor);
  RangeOptions options;
  options.mode = mode;
  auto range = transaction.get_range(begin.view(), end.view(), options);
  if (!range) return stop(range.error());
  if (range->rows.empty()) return std::nullopt;
  if (range->rows.front().key.view() != begin.view()) {
    return stop(
        Error{ErrorCode::kCorrupt, fmt::format("actor {} has rows but no head record", actor)});
  }
  auto head = decode_head(actor, range->rows.front().value);
  if (!head) return stop(std::move(head.error()));
  ActorRows rows;
  rows.head = *head;
  for (const KeyValue& row : range->rows) {
    const auto key = parse_key(row.key);
    if (!key) {
      return stop(
          Error{ErrorCode::kCorrupt, fmt::format("actor {} has a row of no known kind", actor)});
    }
    if (auto taken = take_row(actor, *key, row, &rows); !taken)
      return stop(std::move(taken.error()));
  }
  return rows;
}

}  // namespace

Attempted<std::optional<IndexedHead>> load_index(Transaction& transaction, ActorId actor,
                                                 ReadMode mode) {
  auto rows = load_until(transaction, actor, tag_end_key(actor, RowTag::kIndex), mode);
  if (!rows) return stop(std::move(rows.error()));
  if (!*rows) return std::nullopt;
  return IndexedHead{(*rows)->head, std::move((*rows)->index)};
}

Attempted<std::optional<ActorRows>> load_rows(Transaction& transaction, ActorId actor,
                                              ReadMode mode) {
  return load_until(transaction, actor, tag_end_key(actor, RowTag::kShardSize), mode);
}

Attempted<std::optional<Head>> load_head(Transaction& transaction, ActorId actor, ReadMode mode) {
  auto value = transaction.get(head_key(actor), mode);
  if (!value) return stop(value.error());
  if (!*value) return std::nullopt;
  auto head = decode_head(actor, **value);
  if (!head) return stop(std::move(head.error()));
  return *head;
}

Attempted<StageRow> load_stage(Transaction& transaction, ActorId actor, ReadMode mode) {
  const Key key = stage_key(actor);
  auto value = transaction.get(key, mode);
  if (!value) return stop(value.error());
  if (!*value) {
    return stop(
        Error{ErrorCode::kCorrupt, fmt::format("the stage row of actor {} is missing", actor)});
  }
  auto stage = decode_stage_row(actor, key, **value);
  if (!stage) return stop(std::move(stage.error()));
  return *stage;
}

}  // namespace squall
