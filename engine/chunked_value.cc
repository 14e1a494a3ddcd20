#include "engine/chunked_value.h"

#include <algorithm>

#include "engine/assert.h"
#include "engine/bare.h"
#include "engine/planted.h"

namespace squall {
namespace {

constexpr char kInlineMarker = 0;
constexpr char kPiecesMarker = 1;
constexpr size_t kPiecesValueBytes = 13;

// Past every piece of the blob, before anything else.
Key pieces_end_key(const Key& key) { return piece_key(key, UINT16_MAX); }

}  // namespace

uint32_t piece_count(size_t blob_bytes, const BlobLimits& limits) {
  if (planted(Defect::kStoreLimitsNotEnforced)) return 0;
  const size_t marker_bytes = planted(Defect::kInlineLimitOffByOne) ? 0 : kMarkerBytes;
  if (blob_bytes + marker_bytes <= limits.inline_bytes) return 0;
  return static_cast<uint32_t>((blob_bytes + limits.piece_bytes - 1) / limits.piece_bytes);
}

bool near_inline_limit(size_t blob_bytes, const BlobLimits& limits) {
  constexpr size_t kNearBytes = 32;
  const size_t value_bytes = blob_bytes + kMarkerBytes;
  return value_bytes + kNearBytes >= limits.inline_bytes &&
         value_bytes <= limits.inline_bytes + kNearBytes;
}

SizeRow put_blob(RowWriter& writer, const Key& key, std::string_view blob, const BlobLimits& limits,
                 const SizeRow* replaced, SharedBytes* value) {
  SizeRow size;
  size.pieces = piece_count(blob.size(), limits);
  SQUALL_ASSERT(size.pieces <= kMaxPieces);
  if (replaced != nullptr) remove_blob(writer, key, *replaced);
  if (size.pieces == 0) {
    size.stored_bytes = key.size() + kMarkerBytes + blob.size();
    const auto whole = SharedBytes::build(kMarkerBytes + blob.size(), [&](char* out) {
      *out = kInlineMarker;
      std::memcpy(out + kMarkerBytes, blob.data(), blob.size());
    });
    writer.put(key, whole);
    if (value != nullptr) *value = whole;
    return size;
  }
  if (value != nullptr) *value = {};
  writer.put(key, SharedBytes::build(kPiecesValueBytes, [&](char* out) {
               *out = kPiecesMarker;
               bare::store(out + 1, static_cast<uint64_t>(blob.size()));
               bare::store(out + 9, size.pieces);
             }));
  for (uint32_t piece = 0; piece < size.pieces; ++piece) {
    const size_t from = size_t{piece} * limits.piece_bytes;
    if (planted(Defect::kWholeLastPieceLost) && from + limits.piece_bytes == blob.size()) break;
    writer.put(piece_key(key, static_cast<uint16_t>(piece)),
               SharedBytes(blob.substr(from, limits.piece_bytes)));
  }
  size.stored_bytes =
      key.size() + kPiecesValueBytes + size.pieces * (key.size() + kPieceSuffixBytes) + blob.size();
  return size;
}

void remove_blob(RowWriter& writer, const Key& key, const SizeRow& size) {
  if (size.pieces == 0 || planted(Defect::kChunkedDeleteMissesPieces)) {
    writer.remove(key, size.stored_bytes);
  } else {
    writer.remove_range(key, pieces_end_key(key), size.stored_bytes);
  }
}

std::optional<FirstValue> parse_first_value(std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (value[0] == kInlineMarker) return FirstValue{0, value.size() - kMarkerBytes};
  if (value[0] != kPiecesMarker || value.size() != kPiecesValueBytes) return std::nullopt;
  FirstValue first;
  first.total_bytes = bare::load<uint64_t>(value.data() + 1);
  first.pieces = bare::load<uint32_t>(value.data() + 9);
  const bool possible = first.pieces > 0 && first.pieces <= kMaxPieces &&
                        first.total_bytes <= first.pieces * uint64_t{kMaxValueBytes};
  if (!possible) return std::nullopt;
  return first;
}

}  // namespace squall
