#include "sim/store/versioned_map.h"

namespace squall::sim {

const SharedBytes* VersionedMap::visible(const Record& record, int64_t version) {
  if (record.version <= version) return record.present ? &record.value : nullptr;
  for (const Old* old = record.newest_old; old != nullptr; old = old->older) {
    if (old->version <= version) return old->present ? &old->value : nullptr;
  }
  return nullptr;
}

const SharedBytes* VersionedMap::newest(const StoreKey& key) const {
  const Record* record = map_.find(key);
  return record != nullptr && record->present ? &record->value : nullptr;
}

const SharedBytes* VersionedMap::read(const StoreKey& key, int64_t version) const {
  const Record* record = map_.find(key);
  if (record == nullptr) return nullptr;
  if (record->version > version) ++old_reads_;
  return visible(*record, version);
}

int64_t VersionedMap::last_write(const StoreKey& key) const {
  const Record* record = map_.find(key);
  return record == nullptr ? 0 : record->version;
}

bool VersionedMap::written_after(const StoreKey& begin, const StoreKey& end,
                                 int64_t version) const {
  for (auto at = map_.lower_bound(begin); at.valid() && at.key() < end; map_.step(at)) {
    if (at.value().version > version) return true;
  }
  return false;
}

const SharedBytes* VersionedMap::put(const StoreKey& key, int64_t version,
                                     const SharedBytes* value) {
  const auto [record, inserted] = map_.emplace(key);
  if (!inserted) return replace(*record, version, value);
  record->version = version;
  record->present = value != nullptr;
  if (value != nullptr) {
    record->value = *value;
  } else {
    ++garbage_;
  }
  return nullptr;
}

const SharedBytes* VersionedMap::replace(Record& record, int64_t version,
                                         const SharedBytes* value) {
  SQUALL_ASSERT(version >= record.version);
  trim_chain(record);
  push_old(record);
  record.version = version;
  record.present = value != nullptr;
  record.value = value != nullptr ? *value : SharedBytes();
  return record.newest_old->present ? &record.newest_old->value : nullptr;
}

void VersionedMap::push_old(Record& record) {
  Old* old = new_old();
  old->version = record.version;
  old->value = std::move(record.value);
  old->present = record.present;
  old->older = record.newest_old;
  if (record.newest_old == nullptr) {
    old->newer = old;
  } else {
    old->newer = record.newest_old->newer;
    record.newest_old->newer = old;
  }
  record.newest_old = old;
  ++garbage_;
}

// Drops the values that were replaced at or before oldest_.
void VersionedMap::trim_chain(Record& record) {
  while (record.newest_old != nullptr) {
    Old* last = record.newest_old->newer;
    const bool alone = last == record.newest_old;
    const int64_t replaced_at = alone ? record.version : last->newer->version;
    if (replaced_at > oldest_) return;
    if (alone) {
      record.newest_old = nullptr;
    } else {
      last->newer->older = nullptr;
      record.newest_old->newer = last->newer;
    }
    last->value = SharedBytes();
    last->older = free_old_;
    free_old_ = last;
  }
}

VersionedMap::Old* VersionedMap::new_old() {
  constexpr size_t kBlock = 256;
  if (free_old_ == nullptr) {
    old_blocks_.push_back(std::make_unique<Old[]>(kBlock));
    for (size_t i = 0; i < kBlock; ++i) {
      old_blocks_.back()[i].older = free_old_;
      free_old_ = &old_blocks_.back()[i];
    }
  }
  Old* old = free_old_;
  free_old_ = old->older;
  return old;
}

void VersionedMap::trim(int64_t oldest) {
  oldest_ = oldest;
  if (garbage_ >= garbage_to_sweep_) sweep();
}

// A sweep costs time in proportion to the map, so the next one waits until as much garbage has come
// again.
void VersionedMap::sweep() {
  map_.sweep([&](Record& record) {
    trim_chain(record);
    return record.present || record.newest_old != nullptr || record.version > oldest_;
  });
  garbage_ = 0;
  garbage_to_sweep_ = std::max(kMinGarbageToSweep, map_.size());
}

void VersionedMap::Cursor::seek(const StoreKey& key) {
  at_ = map_.lower_bound(key);
  settle_forward();
}

void VersionedMap::Cursor::next() {
  map_.step(at_);
  settle_forward();
}

void VersionedMap::Cursor::settle_forward() {
  value_ = nullptr;
  for (; at_.valid(); map_.step(at_)) {
    value_ = visible(at_.value(), version_);
    if (value_ != nullptr) return;
  }
}

void VersionedMap::Cursor::seek_before(const StoreKey& key) {
  at_ = map_.lower_bound(key);
  previous();
}

void VersionedMap::Cursor::previous() {
  value_ = nullptr;
  while (value_ == nullptr && map_.step_back(at_)) value_ = visible(at_.value(), version_);
}

}  // namespace squall::sim
