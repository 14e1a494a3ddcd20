// The store's ordered map with history: for each key the newest value beside the key, older ones in a side chain,
// as far back as a reader may still look. A cleared key stays as a tombstone for as long.
#pragma once

#include <absl/container/btree_map.h>

#include <deque>
#include <memory>
#include <vector>

#include "sim/store/mutation.h"
#include "sim/store/store_key_range.h"

namespace squall::sim {

class VersionedMap {
  // A value that a newer one took the place of. Chained from newest to oldest; the newest's `newer` is the
  // oldest, so that the chain can be cut from its old end.
  struct Old {
    int64_t version;
    SharedBytes value;
    bool present;
    Old* older;
    Old* newer;
  };
  struct Record {
    int64_t version = 0;  // of the newest value: when the key was last written
    SharedBytes value;
    Old* newest_old = nullptr;
    bool present = false;
    bool queued = false;  // waits in stale_
  };
  using Map = absl::btree_map<StoreKey, Record>;

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

  // Writes at a version that is >= every one before; null clears. Returns the value before, or null; it stays
  // valid until the next trim().
  const SharedBytes* put(const StoreKey& key, int64_t version, const SharedBytes* value);
  // Clears every present key of [begin, end) that wanted(key) names, calling cleared(key, value before) in key
  // order.
  template <typename Wanted, typename Cleared>
  void clear_range(const StoreKey& begin, const StoreKey& end, int64_t version, Wanted&& wanted,
                   Cleared&& cleared) {
    for (auto it = map_.lower_bound(begin); it != map_.end() && it->first < end; ++it) {
      if (!it->second.present || !wanted(it->first)) continue;
      cleared(it->first, replace(it->first, it->second, version, nullptr));
    }
  }
  // Forgets what nobody at or after `oldest` can see.
  void trim(int64_t oldest);

  // Walks the keys that are present at one version, in both directions. Any change of the map ends its use.
  class Cursor {
   public:
    Cursor(const VersionedMap& map, int64_t version) : map_(map.map_), version_(version) {}
    void seek(const StoreKey& key);         // to the first key >= key
    void seek_before(const StoreKey& key);  // to the last key < key
    void next();
    void previous();
    bool valid() const { return value_ != nullptr; }
    const StoreKey& key() const { return it_->first; }
    const SharedBytes& value() const { return *value_; }

   private:
    void settle_forward();
    void settle_backward();

    const Map& map_;
    int64_t version_;
    Map::const_iterator it_;
    const SharedBytes* value_ = nullptr;
  };

  size_t keys() const { return map_.size(); }  // tombstones included

 private:
  struct Stale {
    int64_t due;  // look at the key again when this version is out of everybody's sight
    StoreKey key;
  };

  static const SharedBytes* visible(const Record& record, int64_t version);
  const SharedBytes* replace(const StoreKey& key, Record& record, int64_t version,
                             const SharedBytes* value);
  void enqueue(const StoreKey& key, Record& record, int64_t version);
  void push_old(Record& record);
  void trim_chain(Record& record, int64_t oldest);
  Old* new_old();

  Map map_;
  std::deque<Stale> stale_;  // rising due
  int64_t oldest_ = 0;
  std::vector<std::unique_ptr<Old[]>> old_blocks_;
  Old* free_old_ = nullptr;
};

}  // namespace squall::sim
