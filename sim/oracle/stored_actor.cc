#include "sim/oracle/stored_actor.h"

#include <fmt/format.h>

#include "engine/structure.h"

namespace squall::sim {
namespace {

using Kind = ParsedKey::Kind;

void add_blob_row(ScannedBlob* blob, std::string_view key, const SharedBytes& value,
                  bool is_first) {
  blob->stored_bytes += key.size() + value.size();
  if (is_first) {
    blob->first_value = value;
  } else {
    ++blob->pieces;
  }
}

// Keeps the decoded row by take(row), or gives the error's text.
template <typename Row, typename Take>
std::optional<std::string> keep(const Result<Row>& row, Take&& take) {
  if (!row) return row.error().message;
  take(*row);
  return std::nullopt;
}

std::optional<std::string> add_row(ScannedActor* out, const ParsedKey& parsed, std::string_view key,
                                   const SharedBytes& value) {
  const ActorId actor = parsed.actor;
  switch (parsed.kind) {
    case Kind::kHead: return std::nullopt;
    case Kind::kStage:
      return keep(decode_stage_row(actor, key, value), [&](auto& row) { out->stage = row; });
    case Kind::kStageChunk:
      return keep(decode_stage_chunk_row(actor, key, value),
                  [&](auto& row) { out->stage_chunks.emplace_back(parsed.number, row); });
    case Kind::kIndex:
      return keep(decode_index_row(actor, key, value),
                  [&](auto& row) { out->index.emplace_back(parsed.number, row); });
    case Kind::kDeltaSize:
      return keep(decode_size_row(actor, key, value),
                  [&](auto& row) { out->deltas[parsed.delta].size = row; });
    case Kind::kShardSize:
      return keep(decode_size_row(actor, key, value),
                  [&](auto& row) { out->shards[parsed.number].size = row; });
    case Kind::kDelta: add_blob_row(&out->deltas[parsed.delta], key, value, true); break;
    case Kind::kDeltaPiece: add_blob_row(&out->deltas[parsed.delta], key, value, false); break;
    case Kind::kShard: add_blob_row(&out->shards[parsed.number], key, value, true); break;
    case Kind::kShardPiece: add_blob_row(&out->shards[parsed.number], key, value, false); break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<IndexRow> stored_index_row(const SimulatedStore& store, ActorId actor,
                                         uint32_t pgno) {
  const Key key = index_key(actor, pgno);
  const StoreValue value = store.peek(key);
  if (!value) return std::nullopt;
  const Result<IndexRow> row = decode_index_row(actor, key, *value);
  return row ? std::optional(*row) : std::nullopt;
}

bool scan_actor(Judge& judge, const SimulatedStore& store, ActorId actor, ScannedActor* out) {
  bool readable = true;
  store.scan(actor_begin_key(actor), actor_end_key(actor),
             [&](std::string_view key, const SharedBytes& value) {
               const std::optional<ParsedKey> parsed = parse_key(key);
               const std::optional<std::string> problem =
                   parsed ? add_row(out, *parsed, key, value) : "its key means nothing";
               readable = judge.expect(!problem, Invariant::kDeltaRange, "unreadable-row", [&] {
                 return fmt::format("actor {}: a row can't be read: {}", actor, *problem);
               });
               return readable;
             });
  return readable;
}

}  // namespace squall::sim
