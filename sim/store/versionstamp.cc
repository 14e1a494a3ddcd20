#include "sim/store/versionstamp.h"

#include "engine/planted.h"

namespace squall::sim {

Versionstamp make_versionstamp(int64_t version, uint16_t batch_index) {
  Versionstamp stamp;
  for (int i = 0; i < 8; ++i) {
    stamp[i] = static_cast<char>(static_cast<uint64_t>(version) >> (56 - 8 * i));
  }
  stamp[8] = static_cast<char>(batch_index >> 8);
  stamp[9] = static_cast<char>(batch_index);
  return stamp;
}

std::optional<size_t> stamp_position(std::string_view bytes) {
  if (bytes.size() < kStampPositionBytes) return std::nullopt;
  const size_t body_bytes = bytes.size() - kStampPositionBytes;
  uint32_t position = 0;
  for (int i = 3; i >= 0; --i) {
    position = position << 8 | static_cast<unsigned char>(bytes[body_bytes + i]);
  }
  if (uint64_t{position} + kStampBytes > body_bytes) return std::nullopt;
  return position;
}

std::string stamped(std::string_view bytes, const Versionstamp& stamp) {
  const std::optional<size_t> position = stamp_position(bytes);
  SQUALL_ASSERT(position.has_value());
  std::string result(bytes.substr(0, bytes.size() - kStampPositionBytes));
  std::memcpy(result.data() + *position, stamp.data(), stamp.size());
  if (planted(Defect::kTwelveByteVersionstamp)) result.insert(*position + stamp.size(), 2, '\0');
  return result;
}

StoreKeyRange stamped_key_range(std::string_view key_with_position, int64_t min_version) {
  Versionstamp last;
  last.fill('\xff');
  return {StoreKey(stamped(key_with_position, make_versionstamp(min_version, 0))),
          StoreKey::after(stamped(key_with_position, last))};
}

SharedBytes stamped_by_defect(const SharedBytes& value, const Versionstamp& stamp) {
  const std::optional<size_t> position = stamp_position(value);
  if (!position || value.view()[*position] != '\x33') return value;
  return SharedBytes(stamped(value, stamp));
}

}  // namespace squall::sim
