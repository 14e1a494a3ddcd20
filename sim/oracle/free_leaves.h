// The leaves of SQLite's free list: pages that hold nothing, whatever bytes lie there. SQLite
// writes into them without keeping the old bytes in its journal, and so leaves new ones behind when
// it undoes what it had spilled.
//
// The list (SQLite's file format, "The Freelist"), big endian: bytes 32–35 of page 1 name its first
// trunk page, 0 for none. A trunk is [next trunk, 0 at the end][count of leaves][leaves…], 4 bytes
// each.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "sim/oracle/page_image.h"

namespace squall::sim {

// In the list's order. read_page(pgno): a whole page, valid until its next call, or nothing: what
// the list says from there on is left out, as it is where the list is damaged.
std::vector<uint32_t> free_leaves(const DatabaseHeader& header, uint32_t size_pages,
                                  const std::function<std::string_view(uint32_t pgno)>& read_page);

}  // namespace squall::sim
