#include "sim/store/store_limits.h"

namespace squall::sim {
namespace {

size_t ranges_bytes(std::span<const StoreKeyRange> ranges) {
  size_t total = 0;
  for (const StoreKeyRange& range : ranges) {
    const size_t end_bytes = range.is_single_key() ? range.begin.size() + 1 : range.end.size();
    total += conflict_range_bytes(range.begin.size(), end_bytes);
  }
  return total;
}

}  // namespace

size_t transaction_bytes(const WriteSet& writes, std::span<const StoreKeyRange> read_conflicts,
                         std::span<const StoreKeyRange> write_conflicts) {
  size_t total = ranges_bytes(read_conflicts) + ranges_bytes(write_conflicts);
  for (const RangeSet::Range& range : writes.cleared().ranges()) {
    total += kMutationOverheadBytes + range.begin.size() + range.end.size() +
             conflict_range_bytes(range.begin.size(), range.end.size());
  }
  for (const WriteSet::Chain& chain : writes.chains()) {
    uint32_t place = chain.head;
    for (; place != WriteSet::kNone; place = writes.next_in_chain(place)) {
      const StoreMutation& mutation = writes.log()[place];
      total += mutation_bytes(mutation.key.size(), mutation.operand.size());
    }
  }
  return total;
}

}  // namespace squall::sim
