// The size of a transaction as the store counts it against kMaxTransactionBytes: each mutation that
// still counts at commit, each conflict range, with the overhead that FoundationDB's structures
// have.
#pragma once

#include <span>

#include "sim/store/store_key_range.h"
#include "sim/store/write_set.h"

namespace squall::sim {

inline constexpr size_t kMutationOverheadBytes = 40;
inline constexpr size_t kConflictRangeOverheadBytes = 32;

inline size_t conflict_range_bytes(size_t begin_bytes, size_t end_bytes) {
  return begin_bytes + end_bytes + kConflictRangeOverheadBytes;
}
// A mutation with the write conflict range that it brings.
inline size_t mutation_bytes(size_t key_bytes, size_t operand_bytes) {
  return key_bytes + operand_bytes + kMutationOverheadBytes +
         conflict_range_bytes(key_bytes, key_bytes + 1);
}

// Exact; `writes` must be indexed.
size_t transaction_bytes(const WriteSet& writes, std::span<const StoreKeyRange> read_conflicts,
                         std::span<const StoreKeyRange> write_conflicts);

}  // namespace squall::sim
