#include "sim/store/store_key.h"

#include <string>

namespace squall::sim {

StoreKey StoreKey::after(std::string_view bytes) {
  if (bytes.size() < kInlineBytes) {
    StoreKey key(bytes);
    key.bytes_[kTag] = static_cast<char>(bytes.size() + 1);
    return key;
  }
  std::string longer(bytes);
  longer.push_back('\0');
  return StoreKey(longer);
}

void StoreKey::assign_heap(std::string_view bytes) {
  char* copy = new char[bytes.size()];
  std::memcpy(copy, bytes.data(), bytes.size());
  const size_t size = bytes.size();
  std::memcpy(bytes_, &copy, sizeof(copy));
  std::memcpy(bytes_ + sizeof(copy), &size, sizeof(size));
  bytes_[kTag] = kOnHeap;
}

}  // namespace squall::sim
