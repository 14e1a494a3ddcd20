#include "vfs/header_page.h"

#include <cstring>

#include "engine/big_endian.h"
#include "engine/page.h"

namespace squall {

namespace {
constexpr size_t kChangeCounterOffset = 24;
constexpr size_t kSizeOffset = 28;
constexpr size_t kSizeValidForOffset = 92;
constexpr size_t kBtreeHeaderOffset = 100;
constexpr char kLeafTablePage = 0x0D;
}  // namespace

uint32_t stated_size_pages(const char* page_1) {
  if (std::memcmp(page_1 + kChangeCounterOffset, page_1 + kSizeValidForOffset, 4) != 0) return 0;
  return get_u32(page_1 + kSizeOffset);
}

void write_fresh_page_1(char* page_1) {
  std::memset(page_1, 0, kPageSizeBytes);
  std::memcpy(page_1, "SQLite format 3", 16);
  put_u16(page_1 + 16, kPageSizeBytes);
  page_1[18] = 1;   // written by rollback journal
  page_1[19] = 1;   // read by rollback journal
  page_1[21] = 64;  // payload fractions, fixed by the format
  page_1[22] = 32;
  page_1[23] = 32;
  put_u32(page_1 + kSizeOffset, 1);
  page_1[kBtreeHeaderOffset] = kLeafTablePage;
  put_u16(page_1 + kBtreeHeaderOffset + 5, kPageSizeBytes);  // cell content starts at the end
}

}  // namespace squall
