#include "sim/oracle/free_leaves.h"

#include <algorithm>

#include "engine/big_endian.h"

namespace squall::sim {
namespace {

constexpr size_t kFirstTrunkAt = 32;  // in the header
constexpr size_t kCountAt = 4;        // in a trunk
constexpr size_t kLeavesAt = 8;
constexpr size_t kMostLeaves = (kPageSizeBytes - kLeavesAt) / 4;

}  // namespace

std::vector<uint32_t> free_leaves(const DatabaseHeader& header, uint32_t size_pages,
                                  const std::function<std::string_view(uint32_t pgno)>& read_page) {
  std::vector<uint32_t> leaves;
  uint32_t trunk = get_u32(header.data() + kFirstTrunkAt);
  for (uint32_t trunks = 0; trunk > 1 && trunk <= size_pages && trunks < size_pages; ++trunks) {
    const std::string_view page = read_page(trunk);
    if (page.size() != kPageSizeBytes) break;
    const size_t count = std::min<size_t>(get_u32(page.data() + kCountAt), kMostLeaves);
    for (size_t i = 0; i < count; ++i) leaves.push_back(get_u32(page.data() + kLeavesAt + 4 * i));
    trunk = get_u32(page.data());
  }
  return leaves;
}

}  // namespace squall::sim
