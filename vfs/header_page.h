// The first page of a SQLite database, as far as the VFS must know it (SQLite's file format, "The
// Database Header"): bytes 24–27 change counter, 28–31 size in pages, 92–95 the change counter that
// the size is valid for.
#pragma once

#include <cstdint>

namespace squall {

// The size that page 1 states, in pages; 0 where it states none.
uint32_t stated_size_pages(const char* page_1);

// Page 1 of an empty database of one page, as SQLite itself would begin one.
void write_fresh_page_1(char* page_1);

}  // namespace squall
