#include "engine/structure.h"

namespace squall {
namespace {

using Kind = ParsedKey::Kind;

// number, kind: what a key of a u32 and, if pieced, a piece number means.
bool parse_numbered(std::string_view rest, Kind kind, std::optional<Kind> piece_kind,
                    ParsedKey* out) {
  if (rest.size() < sizeof(uint32_t)) return false;
  out->number = get_u32(rest.data());
  rest.remove_prefix(sizeof(uint32_t));
  out->kind = kind;
  if (rest.empty()) return true;
  if (!piece_kind || rest.size() != kPieceSuffixBytes) return false;
  out->kind = *piece_kind;
  out->piece = get_u16(rest.data());
  return true;
}

bool parse_delta(std::string_view rest, Kind kind, std::optional<Kind> piece_kind, ParsedKey* out) {
  if (rest.size() < sizeof(uint64_t)) return false;
  out->delta.txid = get_u64(rest.data());
  if (!parse_numbered(rest.substr(sizeof(uint64_t)), kind, piece_kind, out)) return false;
  out->delta.chunk = out->number;
  return true;
}

bool parse_row(RowTag tag, std::string_view rest, ParsedKey* out) {
  switch (tag) {
    case RowTag::kHead: out->kind = Kind::kHead; return rest.empty();
    case RowTag::kStage:
      if (!rest.empty()) return parse_numbered(rest, Kind::kStageChunk, std::nullopt, out);
      out->kind = Kind::kStage;
      return true;
    case RowTag::kIndex: return parse_numbered(rest, Kind::kIndex, std::nullopt, out);
    case RowTag::kShardSize: return parse_numbered(rest, Kind::kShardSize, std::nullopt, out);
    case RowTag::kShard: return parse_numbered(rest, Kind::kShard, Kind::kShardPiece, out);
    case RowTag::kDeltaSize: return parse_delta(rest, Kind::kDeltaSize, std::nullopt, out);
    case RowTag::kDelta: return parse_delta(rest, Kind::kDelta, Kind::kDeltaPiece, out);
  }
  return false;
}

}  // namespace

std::optional<ParsedKey> parse_key(std::string_view key) {
  if (key.size() < kHeadKeyBytes || key[0] != kActorKeyByte) return std::nullopt;
  ParsedKey parsed;
  parsed.actor = get_u64(key.data() + 1);
  const auto tag = static_cast<RowTag>(key[kHeadKeyBytes - 1]);
  if (!parse_row(tag, key.substr(kHeadKeyBytes), &parsed)) return std::nullopt;
  return parsed;
}

Key actor_begin_key(ActorId actor) { return tag_key(actor, RowTag::kHead); }
Key actor_end_key(ActorId actor) { return tag_end_key(actor, RowTag::kShard); }

}  // namespace squall
