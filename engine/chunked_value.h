// Blobs as store values. A blob that fits is one value under its key: byte 0, then the blob. A
// longer one is cut:
//
//   key                 byte 1 · total length u64 · piece count u32 (little-endian)
//   key + piece u16     the piece: all of the same length but the last
//
// Nothing but a blob's pieces lies between its key and the next blob's, so a range clear removes
// exactly them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/engine_options.h"
#include "engine/row_writer.h"
#include "engine/rows.h"
#include "engine/store.h"

namespace squall {

// How many pieces a blob of that length becomes; 0: it stays in one value.
uint32_t piece_count(size_t blob_bytes, const BlobLimits& limits);

// Within a few bytes of the longest blob that stays in one value.
bool near_inline_limit(size_t blob_bytes, const BlobLimits& limits);

// Writes the blob. replaced: the size row of the blob that lies under the key now, if any; what the
// new one does not overwrite is removed. Returns pieces and stored bytes; last_pgno is the
// caller's. *value, if wanted: the one value that the blob became, else empty.
SizeRow put_blob(RowWriter& writer, const Key& key, std::string_view blob, const BlobLimits& limits,
                 const SizeRow* replaced = nullptr, SharedBytes* value = nullptr);
void remove_blob(RowWriter& writer, const Key& key, const SizeRow& size);

// What the first value of a blob says.
struct FirstValue {
  uint32_t pieces = 0;       // 0: the blob is the value without its first byte
  uint64_t total_bytes = 0;  // of the blob
};
// Nothing: neither form.
std::optional<FirstValue> parse_first_value(std::string_view value);

inline constexpr size_t kMarkerBytes = 1;

}  // namespace squall
