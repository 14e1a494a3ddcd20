// What the transactions of a simulated store share: the data with its history, the versions, and
// the one place where commits are judged and applied.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/store/commit_package.h"
#include "sim/store/pacer.h"
#include "sim/store/range_writes.h"
#include "sim/store/store_observer.h"
#include "sim/store/store_versions.h"
#include "sim/store/versioned_map.h"

namespace squall::sim {

enum class StoreProfile : uint8_t {
  kFoundationDb,
  // The original's store layer: a transaction has no snapshot, so that what it reads may be torn;
  // and what a committed transaction has read is in the way of who began earlier and writes it.
  kOriginal,
};

class StoreCluster {
 public:
  StoreCluster(StorePacer& pacer, StoreProfile profile) : pacer_(pacer), profile_(profile) {}
  StoreProfile profile() const { return profile_; }
  StoreCluster(const StoreCluster&) = delete;
  StoreCluster& operator=(const StoreCluster&) = delete;

  StorePacer& pacer() { return pacer_; }
  const VersionedMap& data() const { return map_; }
  StoreVersions& versions() { return versions_; }
  const StoreVersions& versions() const { return versions_; }
  int64_t oldest_version() { return versions_.oldest(pacer_.now_us()); }
  // What a driver sees at the version that makes the newest commit's writes visible only when its
  // client hears of it.
  int64_t before_hidden(int64_t version) const {
    const bool hidden = pacer_.now_us() < newest_told_us_;
    return hidden ? std::min(version, versions_.last_commit() - 1) : version;
  }

  // Nobody will read or judge at a version before this one: history can go, sooner than the 5 s
  // that a transaction may take.
  void forget_before(int64_t version) { wanted_from_ = version; }

  // The commit reaches the resolver: it is refused (1020, 1007) or applied, atomically, now.
  void land(CommitPackage& package);

  void note_over_limit(StoreCode code, uint64_t size_bytes) const {
    for (StoreObserver* observer : observers_) observer->on_over_limit(code, size_bytes);
  }
  // A lost key's value is hidden from every transaction until it is found again or written anew.
  void lose(const StoreKey& key) { lost_.push_back(key); }
  void find_all() { lost_.clear(); }
  bool is_lost(const StoreKey& key) const {
    return !lost_.empty() && std::find(lost_.begin(), lost_.end(), key) != lost_.end();
  }
  const std::vector<StoreKey>& lost() const { return lost_; }

  void add_observer(StoreObserver* observer) { observers_.push_back(observer); }
  void remove_observer(StoreObserver* observer);

 private:
  std::optional<StoreCode> judge(const CommitPackage& package, int64_t now_us) const;
  bool conflicts(const StoreKeyRange& range, int64_t read_version) const;
  // Of kOriginal: it writes what a transaction that committed since its read version has read.
  bool meets_reads(const CommitPackage& package) const;

  void apply(const CommitPackage& package);
  void apply_cleared_ranges(const CommitPackage& package);
  void apply_chain(const CommitPackage& package, const WriteSet::Chain& chain);
  void put(const CommitPackage& package, const StoreKey& key, const SharedBytes* value);
  void note_row(const StoreKey& key, const SharedBytes* before, const SharedBytes* after);
  void notify(const CommitPackage& package);

  StorePacer& pacer_;
  const StoreProfile profile_;
  RangeWrites range_reads_;  // of kOriginal: when ranges were last read by who committed
  VersionedMap map_;
  RangeWrites range_writes_;
  StoreVersions versions_;
  int64_t wanted_from_ = 0;
  std::vector<StoreKey> lost_;  // a few at most
  int64_t newest_told_us_ = 0;  // of the commit that was applied last
  std::vector<StoreObserver*> observers_;

  // Of the commit that is being applied, for observers only.
  std::vector<StoreRow> rows_;
  std::vector<StoreKeyRange> write_ranges_;
};

}  // namespace squall::sim
