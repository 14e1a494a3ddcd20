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

std::string_view PageImage::kept_page(uint32_t pgno) const {
  if (pgno > pages.size() || !pages[pgno - 1]) return {};
  const std::string_view bytes = pages[pgno - 1].view();
  return hash_page(bytes.data()) == page(pgno) ? bytes : std::string_view();
}

uint32_t header_size_pages(const DatabaseHeader& header) { return get_u32(header.data() + 28); }

}  // namespace squall::sim
