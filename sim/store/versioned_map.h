// The store's ordered map with history: for each key the newest value beside the key, older ones in
// a side chain, as far back as a reader may still look. A cleared key stays as a tombstone for as
// long.
#pragma once

#include <memory>
#include <vector>

#include "sim/store/leaf_tree.h"
#include "sim/store/mutation.h"
#include "sim/store/store_key_range.h"

namespace squall::sim {

class VersionedMap {
  // A value that a newer one took the place of. Chained from newest to oldest; the newest's `newer`
  // is the oldest, so that the chain can be cut from its old end.
  struct Old {
    int64_t version;
    SharedBytes value;
    bool present;
    Old* older;
    Old* newer;
  };
  struct Record {
    int64_t version : 63 = 0;  // of the newest value: when the key was last written
    bool present : 1 = false;
    SharedBytes value;
    Old* newest_old = nullptr;
  };
  using Map = LeafTree<Record>;

 public:
  VersionedMap() = default;
  VersionedMap(const VersionedMap&) = delete;
  VersionedMap& operator=(const VersionedMap&) = delete;

  // The newest value, or null.
  const SharedBytes* newest(const StoreKey& key) const;
  // The value at a version that trim() hasn't passed, or null.
  const SharedBytes* read(const StoreKey& key, int64_t version) const;
  // When a key was last written or cleared by a write that put() saw; 0 if never (or long ago).
  int64_t last_write(const StoreKey& key) const;
  bool written_after(const StoreKey& begin, const StoreKey& end, int64_t version) const;

  // Writes at a version that is >= every one before; null clears. Returns the value before, or
  // null; it stays valid until the next trim().
  const SharedBytes* put(const StoreKey& key, int64_t version, const SharedBytes* value);
  // Clears every present key of [begin, end) that wanted(key) names, calling cleared(key, value
  // before) in key order.
  template <typename Wanted, typename Cleared>
  void clear_range(const StoreKey& begin, const StoreKey& end, int64_t version, Wanted&& wanted,
                   Cleared&& cleared) {
    for (auto at = map_.lower_bound(begin); at.valid() && at.key() < end; map_.step(at)) {
      if (!at.value().present || !wanted(at.key())) continue;
      cleared(at.key(), replace(at.value(), version, nullptr));
    }
  }
  // From now on nobody looks before `oldest`: what only they could see is forgotten, now and then.
  void trim(int64_t oldest);

  // Walks the keys that are present at one version, in both directions. Any change of the map ends
  // its use.
  class Cursor {
   public:
    Cursor(const VersionedMap& map, int64_t version) : map_(map.map_), version_(version) {}
    void seek(const StoreKey& key);         // to the first key >= key
    void seek_before(const StoreKey& key);  // to the last key < key
    void next();
    void previous();
    bool valid() const { return value_ != nullptr; }
    const StoreKey& key() const { return at_.key(); }
    const SharedBytes& value() const { return *value_; }

   private:
    void settle_forward();

    const Map& map_;
    int64_t version_;
    Map::Position at_;
    const SharedBytes* value_ = nullptr;
  };

  size_t keys() const { return map_.size(); }  // tombstones included
  // Point reads of a key that had been written since the version they asked for.
  uint64_t old_reads() const { return old_reads_; }

 private:
  static constexpr size_t kMinGarbageToSweep = 128;

  static const SharedBytes* visible(const Record& record, int64_t version);
  const SharedBytes* replace(Record& record, int64_t version, const SharedBytes* value);
  void push_old(Record& record);
  void trim_chain(Record& record);
  void sweep();
  Old* new_old();

  Map map_;
  mutable uint64_t old_reads_ = 0;
  int64_t oldest_ = 0;
  size_t garbage_ = 0;  // old values and tombstones made since the last sweep
  size_t garbage_to_sweep_ = kMinGarbageToSweep;
  std::vector<std::unique_ptr<Old[]>> old_blocks_;
  Old* free_old_ = nullptr;
};

}  // namespace squall::sim
