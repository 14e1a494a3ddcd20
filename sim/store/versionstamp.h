// Versionstamped keys and values. The client's bytes end in a little-endian position of 4 bytes;
// they are stripped and the 10 bytes at that position become version (8, big-endian) and batch
// index (2, big-endian).
#pragma once

#include <string>
#include <string_view>

#include "sim/store/mutation.h"
#include "sim/store/store_key_range.h"

namespace squall::sim {

inline constexpr size_t kStampBytes = 10;
inline constexpr size_t kStampPositionBytes = 4;

Versionstamp make_versionstamp(int64_t version, uint16_t batch_index);

// The position that `bytes` end in, or nothing when the stamp doesn't fit in front of it.
std::optional<size_t> stamp_position(std::string_view bytes);

// `bytes` without their position and with the stamp in place. The position must fit.
std::string stamped(std::string_view bytes, const Versionstamp& stamp);

// Every key that a versionstamped key may become when it commits at a version > min_version.
StoreKeyRange stamped_key_range(std::string_view key_with_position, int64_t min_version);

// What a driver with the planted defect stores for a plain set: a value that happens to end in the
// position of a byte 0x33 is taken for a versionstamped one.
SharedBytes stamped_by_defect(const SharedBytes& value, const Versionstamp& stamp);

}  // namespace squall::sim
