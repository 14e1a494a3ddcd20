// A database as the oracle remembers it: of each page its hash and who wrote it last, the bytes of
// the first pages as far as somebody holds them anyway, and the header of the first one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
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

inline constexpr size_t kMostKeptPages = 2048;

struct PageImage {
  std::vector<PageHash> hashes;   // of pages 1, 2, …
  std::vector<uint64_t> writers;  // the commit that wrote it last; as many
  // For messages: the bytes, shared with whoever holds them; null: not kept. No more than
  // kMostKeptPages.
  std::vector<PageRef> pages;
  DatabaseHeader header{};

  uint32_t size_pages() const { return static_cast<uint32_t>(hashes.size()); }
  // 1 ≤ pgno ≤ size_pages().
  PageHash page(uint32_t pgno) const { return hashes[pgno - 1]; }
  // The bytes of a page; empty: not kept, or not those that it should have.
  std::string_view kept_page(uint32_t pgno) const;
};

}  // namespace squall::sim
