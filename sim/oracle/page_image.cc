#include "sim/oracle/page_image.h"

#include <xxhash.h>

#include "engine/big_endian.h"

namespace squall::sim {

PageHash hash_page(const void* page) {
  const PageHash hash = XXH3_64bits(page, kPageSizeBytes);
  return hash == kUnknownPage ? 1 : hash;
}

PageHash zero_page_hash() {
  static const PageHash hash = hash_page(std::array<char, kPageSizeBytes>{}.data());
  return hash;
}

uint32_t header_size_pages(const DatabaseHeader& header) { return get_u32(header.data() + 28); }

}  // namespace squall::sim
