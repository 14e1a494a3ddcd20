#include "engine/rows.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "engine/assert.h"
#include "engine/bare.h"

namespace squall {
namespace {

constexpr size_t kChecksumBytes = 4;
// Above this many bytes the key and value are hashed in a stream: only manifest rows are so long.
constexpr size_t kShortRowBytes = 128;

uint32_t checksum(ActorId actor, std::string_view key, std::string_view content) {
  if (key.size() + content.size() <= kShortRowBytes) {
    char joined[kShortRowBytes];
    std::memcpy(joined, key.data(), key.size());
    std::memcpy(joined + key.size(), content.data(), content.size());
    return static_cast<uint32_t>(XXH3_64bits_withSeed(joined, key.size() + content.size(), actor));
  }
  return static_cast<uint32_t>(XXH3_64bits_withSeed(
      content.data(), content.size(), XXH3_64bits_withSeed(key.data(), key.size(), actor)));
}

template <typename Fill>
SharedBytes build_row(ActorId actor, std::string_view key, size_t value_bytes, Fill&& fill) {
  return SharedBytes::build(value_bytes, [&](char* out) {
    fill(out);
    bare::store(out, checksum(actor, key, {out + kChecksumBytes, value_bytes - kChecksumBytes}));
  });
}

Failure corrupt(ActorId actor, std::string_view key, const char* why) {
  return fail(ErrorCode::kCorrupt, fmt::format("{}: {}", describe_row(actor, key), why));
}

// Null, or why the value can't be read.
const char* check(ActorId actor, std::string_view key, std::string_view value, size_t min_bytes,
                  bool exact) {
  const bool length_fits = exact ? value.size() == min_bytes : value.size() >= min_bytes;
  if (!length_fits) return "its length is wrong";
  const auto stored = bare::load<uint32_t>(value.data());
  if (stored != checksum(actor, key, value.substr(kChecksumBytes))) return "its checksum is wrong";
  return nullptr;
}

}  // namespace

std::string describe_row(ActorId actor, std::string_view key) {
  std::string hex;
  for (const char byte : key)
    fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<uint8_t>(byte));
  return fmt::format("row {} of actor {}", hex, actor);
}

SharedBytes encode_index_row(ActorId actor, std::string_view key, const IndexRow& row) {
  return build_row(actor, key, kIndexValueBytes, [&](char* out) {
    bare::store(out + 4, row.txid);
    bare::store(out + 12, row.chunk);
    bare::store(out + 14, row.pieces);
  });
}

Result<IndexRow> decode_index_row(ActorId actor, std::string_view key, std::string_view value) {
  if (const char* why = check(actor, key, value, kIndexValueBytes, true))
    return corrupt(actor, key, why);
  const char* in = value.data();
  IndexRow row{bare::load<uint64_t>(in + 4), bare::load<uint16_t>(in + 12),
               bare::load<uint16_t>(in + 14)};
  if (row.txid == 0) return corrupt(actor, key, "it names no transaction");
  return row;
}

SharedBytes encode_size_row(ActorId actor, std::string_view key, const SizeRow& row) {
  return build_row(actor, key, kSizeValueBytes, [&](char* out) {
    bare::store(out + 4, row.last_pgno);
    bare::store(out + 8, row.pieces);
    bare::store(out + 12, row.stored_bytes);
  });
}

Result<SizeRow> decode_size_row(ActorId actor, std::string_view key, std::string_view value) {
  if (const char* why = check(actor, key, value, kSizeValueBytes, true))
    return corrupt(actor, key, why);
  const char* in = value.data();
  SizeRow row{bare::load<uint32_t>(in + 4), bare::load<uint32_t>(in + 8),
              bare::load<uint64_t>(in + 12)};
  if (row.pieces > kMaxPieces) return corrupt(actor, key, "it counts too many pieces");
  return row;
}

SharedBytes encode_stage_row(ActorId actor, std::string_view key, const StageRow& row) {
  return build_row(actor, key, kStageValueBytes, [&](char* out) {
    bare::store(out + 4, row.commit_id.session);
    bare::store(out + 12, row.commit_id.sequence);
    bare::store(out + 20, row.txid);
    bare::store(out + 28, row.generation);
    bare::store(out + 36, row.stored_bytes);
  });
}

Result<StageRow> decode_stage_row(ActorId actor, std::string_view key, std::string_view value) {
  if (const char* why = check(actor, key, value, kStageValueBytes, true))
    return corrupt(actor, key, why);
  const char* in = value.data();
  return StageRow{{bare::load<uint64_t>(in + 4), bare::load<uint64_t>(in + 12)},
                  bare::load<uint64_t>(in + 20),
                  bare::load<uint64_t>(in + 28),
                  bare::load<uint64_t>(in + 36)};
}

SharedBytes encode_stage_chunk_row(ActorId actor, std::string_view key, const StageChunkRow& row) {
  const size_t value_bytes = kStageChunkFixedBytes + row.pgnos.size() * sizeof(uint32_t);
  return build_row(actor, key, value_bytes, [&](char* out) {
    bare::store(out + 4, row.file_checksum);
    bare::store(out + 12, row.stored_bytes);
    bare::store(out + 20, row.pieces);
    std::memcpy(out + kStageChunkFixedBytes, row.pgnos.data(), row.pgnos.size() * sizeof(uint32_t));
  });
}

Result<StageChunkRow> decode_stage_chunk_row(ActorId actor, std::string_view key,
                                             std::string_view value) {
  if (const char* why = check(actor, key, value, kStageChunkFixedBytes, false)) {
    return corrupt(actor, key, why);
  }
  const std::string_view list = value.substr(kStageChunkFixedBytes);
  if (list.size() % sizeof(uint32_t) != 0) return corrupt(actor, key, "its length is wrong");
  const char* in = value.data();
  StageChunkRow row{bare::load<uint64_t>(in + 4),
                    bare::load<uint64_t>(in + 12),
                    bare::load<uint32_t>(in + 20),
                    {}};
  if (row.pieces > kMaxPieces) return corrupt(actor, key, "it counts too many pieces");
  row.pgnos.resize(list.size() / sizeof(uint32_t));
  std::memcpy(row.pgnos.data(), list.data(), list.size());
  uint32_t last = 0;
  for (const uint32_t pgno : row.pgnos) {
    if (pgno <= last) return corrupt(actor, key, "its page numbers don't rise");
    last = pgno;
  }
  return row;
}

}  // namespace squall
