#include "engine/staging.h"

#include <xxhash.h>

#include "engine/page.h"

namespace squall {

ltx::Header delta_header(uint64_t head_txid, uint32_t size_pages, int64_t wall_us) {
  ltx::Header header;
  header.flags = ltx::kFlagNoChecksum;
  header.page_size_bytes = kPageSizeBytes;
  header.commit_pages = size_pages;
  header.min_txid = blob_txid(head_txid + 1);
  header.max_txid = header.min_txid;
  header.timestamp_ms = wall_us / 1000;
  return header;
}

uint64_t stage_digest(std::span<const uint64_t> file_checksums) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  return XXH3_64bits(file_checksums.data(), file_checksums.size_bytes());
}

}  // namespace squall
