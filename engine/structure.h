// Reads any row of any actor back into what it means: for checkers and tools that scan a store. No
// policy.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/keys.h"

namespace squall {

struct ParsedKey {
  enum class Kind : uint8_t {
    kHead,        // decode_head
    kStage,       // decode_stage_row
    kStageChunk,  // number: chunk; decode_stage_chunk_row
    kIndex,       // number: page; decode_index_row
    kDeltaSize,   // delta; decode_size_row
    kShardSize,   // number: shard; decode_size_row
    kDelta,       // delta: first value of the blob
    kDeltaPiece,  // delta, piece
    kShard,       // number: shard, first value of the blob
    kShardPiece,  // number: shard, piece
  };
  Kind kind = Kind::kHead;
  ActorId actor = 0;
  uint32_t number = 0;
  DeltaName delta;
  uint16_t piece = 0;
};

// Nothing: not a key of keys.h.
std::optional<ParsedKey> parse_key(std::string_view key);

// The range [begin, end) of all of an actor's rows.
Key actor_begin_key(ActorId actor);
Key actor_end_key(ActorId actor);

}  // namespace squall
