// A database as the oracle remembers it: the hash of each page, and the header of the first one. 8 bytes a page.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/page.h"

namespace squall::sim {

using PageHash = uint64_t;

PageHash hash_page(const void* page);
PageHash zero_page_hash();
// Of a page whose content is not known; equal to none that was computed.
inline constexpr PageHash kUnknownPage = 0;

// SQLite's database header, the first bytes of page 1.
inline constexpr size_t kDatabaseHeaderBytes = 100;
using DatabaseHeader = std::array<char, kDatabaseHeaderBytes>;
// The database's own idea of its size (bytes 28–31), in pages; 0 where there is no header.
uint32_t header_size_pages(const DatabaseHeader& header);

// SQLite leaves the page with the lock bytes alone.
inline constexpr uint32_t kLockPage = 0x4000'0000 / kPageSizeBytes + 1;

struct PageImage {
  std::vector<PageHash> hashes;  // of pages 1, 2, …
  DatabaseHeader header{};

  uint32_t size_pages() const { return static_cast<uint32_t>(hashes.size()); }
  // 1 ≤ pgno ≤ size_pages().
  PageHash page(uint32_t pgno) const { return hashes[pgno - 1]; }
};

}  // namespace squall::sim
