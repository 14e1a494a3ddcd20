#include "sim/oracle/restored_pages.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/oracle/free_leaves.h"
#include "vfs/header_page.h"

namespace squall::sim {
namespace {

PageHash fresh_page_hash() {
  std::array<char, kPageSizeBytes> page;
  write_fresh_page_1(page.data());
  return hash_page(page.data());
}

std::vector<uint32_t> sorted_free_leaves(
    const PageImage& image, const std::function<std::string(uint32_t pgno)>& read_page) {
  std::string read;
  std::vector<uint32_t> leaves = free_leaves(image.header, image.size_pages(), [&](uint32_t pgno) {
    const std::string_view kept = image.kept_page(pgno);
    if (kept.empty()) read = read_page(pgno);
    return kept.empty() ? std::string_view(read) : kept;
  });
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

}  // namespace

bool restores(const PageImage& image, std::span<const PendingPage> pages, uint32_t size_pages,
              const std::function<std::string(uint32_t pgno)>& read_page) {
  // Of a database that has no page yet, the original profile shows SQLite a fresh one.
  if (image.size_pages() == 0 && size_pages == 1) return pages.front().hash == fresh_page_hash();
  if (size_pages != image.size_pages()) return false;
  std::optional<std::vector<uint32_t>> free;
  for (const PendingPage& page : pages) {
    if (page.pgno > size_pages || page.hash == image.page(page.pgno)) continue;
    // What changes the free list changes page 1.
    if (page.pgno == 1) return false;
    if (!free) free = sorted_free_leaves(image, read_page);
    if (!std::binary_search(free->begin(), free->end(), page.pgno)) return false;
  }
  return true;
}

}  // namespace squall::sim
