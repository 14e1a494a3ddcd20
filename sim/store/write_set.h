// What one transaction has written so far: the log of its calls, and an index over it that answers
// what a read of the transaction itself would see and what a commit must apply.
//
// A key's writes form a chain: a set or clear begins it anew, atomics and versionstamped operations
// append to it. A range clear drops the chains inside. While a versionstamped operation is in a
// chain the key is unreadable, and a later plain set is appended and doesn't change that; a clear
// does. A versionstamped key makes every key that it may become unreadable. The index is brought up
// to date only when someone asks.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/store/mutation.h"
#include "sim/store/range_set.h"

namespace squall::sim {

class WriteSet {
 public:
  // The writes of one key that still count, as places in the log.
  struct Chain {
    uint32_t head;
    uint32_t tail;
    bool unreadable;
  };

  // `min_version`: a stamp of this transaction is above it (its read version, 0 if unknown).
  void append(StoreMutation mutation, int64_t min_version);

  bool empty() const { return log_.empty(); }
  const std::vector<StoreMutation>& log() const { return log_; }

  // --- the index; brings itself up to date ---
  void index();
  // Both need index().
  const std::vector<Chain>& chains() const { return chains_; }  // in key order
  const RangeSet& cleared() const { return cleared_; }
  const RangeSet& unreadable() const { return unreadable_; }
  const StoreKey& key_of(const Chain& chain) const { return log_[chain.head].key; }
  size_t first_chain_at(const StoreKey& key) const;  // lower bound
  const Chain* find(const StoreKey& key) const;
  bool is_unreadable(const StoreKey& key) const;
  // True when the value doesn't depend on what the store holds.
  bool is_independent(const StoreKey& key) const;
  bool is_independent(const Chain& chain) const;
  // True when the chain is one clear and nothing else.
  bool is_clear(const Chain& chain) const;
  // False when all it does is write versionstamped keys.
  bool writes_its_key(const Chain& chain) const;
  // The place after `place` in its chain, or kNone.
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t next_in_chain(uint32_t place) const { return next_[place]; }
  // The value of a chain over what the store holds (ignored if the key lies in a cleared range). Of
  // an unreadable one, which no read may show: as the client handed it over.
  StoreValue fold(const Chain& chain, const StoreValue& base) const;

  void clear();

 private:
  void index_one(uint32_t place);
  void index_point(uint32_t place);
  void index_range_clear(const StoreMutation& mutation);
  void extend(Chain& chain, uint32_t place);
  static bool is_stamped(const StoreMutation& mutation);

  std::vector<StoreMutation> log_;
  std::vector<int64_t> key_stamp_floors_;  // min_version of each versionstamped key, in log order
  std::vector<uint32_t> next_;
  std::vector<Chain> chains_;
  RangeSet cleared_;
  RangeSet unreadable_;
  size_t floors_indexed_ = 0;
};

}  // namespace squall::sim
