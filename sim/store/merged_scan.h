// A walk over what a transaction sees in [begin, end): the store at its read version with the
// transaction's own writes on top, in key order or against it.
#pragma once

#include "sim/store/versioned_map.h"
#include "sim/store/write_set.h"

namespace squall::sim {

class MergedScan {
 public:
  enum class Step : uint8_t {
    kRow,         // key() and value() hold it
    kUnreadable,  // the walk has reached a key that its own transaction can't know
    kEnd,
  };

  // `own` may be null: the store alone; else it must be indexed. All arguments outlive the walk
  // unchanged.
  MergedScan(const VersionedMap& map, int64_t version, const WriteSet* own, const StoreKey& begin,
             const StoreKey& end, bool reverse);

  Step next() { return reverse_ ? next_backward() : next_forward(); }
  const StoreKey& key() const { return *key_; }
  const SharedBytes& value() const { return *value_; }

 private:
  Step next_forward();
  Step next_backward();
  // A driver that took the next existing key for the range's end merges own writes up to there.
  bool merges_past_end(const WriteSet::Chain& chain) const;
  // Moves past keys that the transaction cleared.
  void skip_cleared_forward();
  void skip_cleared_backward();
  // The row at the store's cursor, or the chain's, or both; false when there is none (the key is
  // cleared).
  bool take(bool at_store, const WriteSet::Chain* chain);

  VersionedMap::Cursor cursor_;
  const WriteSet* own_;
  const StoreKey& begin_;
  const StoreKey& end_;
  bool reverse_;
  size_t chain_ = 0;       // forward: the next chain; backward: one past it
  size_t unreadable_ = 0;  // the same over the unreadable ranges
  const StoreKey* key_ = nullptr;
  const SharedBytes* value_ = nullptr;
  StoreValue folded_;
};

}  // namespace squall::sim
