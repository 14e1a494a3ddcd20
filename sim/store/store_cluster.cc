#include "sim/store/store_cluster.h"

#include "engine/planted.h"
#include "sim/store/atomics.h"
#include "sim/store/versionstamp.h"

namespace squall::sim {

using Kind = StoreMutation::Kind;

namespace {
// Of a driver that keeps its commits for too short a time to judge every legal transaction.
constexpr int64_t kForgottenAfterVersions = 1'000'000;
}  // namespace

void StoreCluster::remove_observer(StoreObserver* observer) { std::erase(observers_, observer); }

void StoreCluster::land(CommitPackage& package) {
  SQUALL_ASSERT(!package.landed);
  package.landed = true;
  const int64_t now_us = pacer_.now_us();
  package.writes.index();
  package.refusal = judge(package, now_us);
  if (package.refusal) {
    if (package.refusal == StoreCode::kNotCommitted) pacer_.at_probe(WorldProbe::kStoreConflict);
    return;
  }
  const StoreVersions::Stamp stamp = versions_.next_commit(now_us, package.version_draw);
  newest_told_us_ = package.told_us;
  package.version = stamp.version;
  package.batch_index = stamp.batch_index;
  const int64_t oldest = std::max(versions_.oldest(now_us), wanted_from_);
  map_.trim(oldest);
  range_writes_.trim(oldest);
  if (profile_ == StoreProfile::kOriginal) {
    range_reads_.trim(oldest);
    for (const StoreKeyRange& range : package.read_ranges) {
      range_reads_.add(range.begin, range.end_key(), package.version);
    }
  }
  apply(package);
  if (!observers_.empty()) notify(package);
}

std::optional<StoreCode> StoreCluster::judge(const CommitPackage& package, int64_t now_us) const {
  if (profile_ == StoreProfile::kOriginal && meets_reads(package)) return StoreCode::kNotCommitted;
  if (package.read_ranges.empty()) return std::nullopt;
  if (package.read_version < versions_.oldest(now_us)) return StoreCode::kTransactionTooOld;
  if (package.read_version >= versions_.last_commit()) return std::nullopt;
  int64_t read_version = package.read_version;
  if (planted(Defect::kOldConflictsForgotten)) {
    read_version = std::max(read_version, versions_.latest(now_us) - kForgottenAfterVersions);
  }
  for (const StoreKeyRange& range : package.read_ranges) {
    if (conflicts(range, read_version)) return StoreCode::kNotCommitted;
  }
  return std::nullopt;
}

bool StoreCluster::meets_reads(const CommitPackage& package) const {
  const WriteSet& writes = package.writes;
  for (const WriteSet::Chain& chain : writes.chains()) {
    if (range_reads_.written_after(writes.key_of(chain), package.read_version)) return true;
  }
  for (const RangeSet::Range& range : writes.cleared().ranges()) {
    if (range_reads_.written_after(range.begin, range.end, package.read_version)) return true;
  }
  return false;
}

bool StoreCluster::conflicts(const StoreKeyRange& range, int64_t read_version) const {
  if (range.is_single_key()) {
    return map_.last_write(range.begin) > read_version ||
           range_writes_.written_after(range.begin, read_version);
  }
  return map_.written_after(range.begin, range.end, read_version) ||
         range_writes_.written_after(range.begin, range.end, read_version);
}

// Flush order: clears first, then what was written, both in key order.
void StoreCluster::apply(const CommitPackage& package) {
  const WriteSet& writes = package.writes;
  apply_cleared_ranges(package);
  for (const WriteSet::Chain& chain : writes.chains()) {
    if (writes.is_clear(chain)) put(package, writes.key_of(chain), nullptr);
  }
  for (const WriteSet::Chain& chain : writes.chains()) {
    if (!writes.is_clear(chain)) apply_chain(package, chain);
  }
  for (const StoreKeyRange& range : package.write_ranges) {
    range_writes_.add(range.begin, range.end_key(), package.version);
  }
}

void StoreCluster::apply_cleared_ranges(const CommitPackage& package) {
  const WriteSet& writes = package.writes;
  for (const RangeSet::Range& range : writes.cleared().ranges()) {
    // A key that is written again after the clear gets one row, from its value before to its value
    // after.
    const auto only_cleared = [&](const StoreKey& key) {
      const WriteSet::Chain* chain = writes.find(key);
      return chain == nullptr || !writes.writes_its_key(*chain);
    };
    map_.clear_range(range.begin, range.end, package.version, only_cleared,
                     [&](const StoreKey& key, const SharedBytes* before) {
                       if (!lost_.empty()) std::erase(lost_, key);
                       note_row(key, before, nullptr);
                     });
    range_writes_.add(range.begin, range.end, package.version);
    if (!observers_.empty()) write_ranges_.push_back({range.begin, range.end});
  }
}

void StoreCluster::apply_chain(const CommitPackage& package, const WriteSet::Chain& chain) {
  const WriteSet& writes = package.writes;
  const StoreKey& key = writes.key_of(chain);
  const StoreMutation& first = writes.log()[chain.head];
  if (chain.head == chain.tail && first.kind == Kind::kSet &&
      !planted(Defect::kStoreStampsPlainSet)) {
    return put(package, key, &first.operand);
  }
  const Versionstamp stamp = make_versionstamp(package.version, package.batch_index);
  StoreValue value;
  if (!writes.is_independent(chain)) {
    const SharedBytes* existing = map_.newest(key);
    if (existing != nullptr) value = *existing;
  }
  for (uint32_t place = chain.head; place != WriteSet::kNone; place = writes.next_in_chain(place)) {
    const StoreMutation& mutation = writes.log()[place];
    if (mutation.is_atomic(AtomicOp::kSetVersionstampedKey)) {
      put(package, StoreKey(stamped(key.view(), stamp)), &mutation.operand);
      continue;
    }
    if (mutation.kind == Kind::kClear) {
      value.reset();
    } else if (mutation.kind == Kind::kSet) {
      value = planted(Defect::kStoreStampsPlainSet) ? stamped_by_defect(mutation.operand, stamp)
                                                    : mutation.operand;
    } else if (mutation.op == AtomicOp::kSetVersionstampedValue) {
      value = SharedBytes(stamped(mutation.operand, stamp));
    } else {
      value = apply_atomic(mutation.op, value, mutation.operand);
    }
  }
  if (writes.writes_its_key(chain)) put(package, key, value ? &*value : nullptr);
}

void StoreCluster::put(const CommitPackage& package, const StoreKey& key,
                       const SharedBytes* value) {
  const SharedBytes* before = map_.put(key, package.version, value);
  if (!lost_.empty()) std::erase(lost_, key);
  note_row(key, before, value);
  if (!observers_.empty()) write_ranges_.push_back(StoreKeyRange::of_key(key));
}

void StoreCluster::note_row(const StoreKey& key, const SharedBytes* before,
                            const SharedBytes* after) {
  if (observers_.empty() || (before == nullptr && after == nullptr)) return;
  rows_.push_back({key, before != nullptr ? StoreValue(*before) : std::nullopt,
                   after != nullptr ? StoreValue(*after) : std::nullopt});
}

void StoreCluster::notify(const CommitPackage& package) {
  write_ranges_.insert(write_ranges_.end(), package.write_ranges.begin(),
                       package.write_ranges.end());
  const AppliedCommit commit{
      .version = package.version,
      .batch_index = package.batch_index,
      .read_version = package.read_version,
      .origin = package.origin,
      .read_ranges = package.read_ranges,
      .write_ranges = write_ranges_,
      .mutations = package.writes.log(),
      .rows = rows_,
  };
  for (StoreObserver* observer : observers_) observer->on_applied(commit);
  rows_.clear();
  write_ranges_.clear();
}

}  // namespace squall::sim
