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
  const auto it = map_.find(key);
  return it != map_.end() && it->second.present ? &it->second.value : nullptr;
}

const SharedBytes* VersionedMap::read(const StoreKey& key, int64_t version) const {
  const auto it = map_.find(key);
  return it == map_.end() ? nullptr : visible(it->second, version);
}

int64_t VersionedMap::last_write(const StoreKey& key) const {
  const auto it = map_.find(key);
  return it == map_.end() ? 0 : it->second.version;
}

bool VersionedMap::written_after(const StoreKey& begin, const StoreKey& end, int64_t version) const {
  for (auto it = map_.lower_bound(begin); it != map_.end() && it->first < end; ++it) {
    if (it->second.version > version) return true;
  }
  return false;
}

const SharedBytes* VersionedMap::put(const StoreKey& key, int64_t version, const SharedBytes* value) {
  const auto [it, inserted] = map_.try_emplace(key);
  Record& record = it->second;
  if (!inserted) return replace(key, record, version, value);
  record.version = version;
  record.present = value != nullptr;
  if (value != nullptr) {
    record.value = *value;
  } else {
    enqueue(key, record, version);
  }
  return nullptr;
}

const SharedBytes* VersionedMap::replace(const StoreKey& key, Record& record, int64_t version,
                                         const SharedBytes* value) {
  SQUALL_ASSERT(version >= record.version);
  trim_chain(record, oldest_);
  push_old(record);
  record.version = version;
  record.present = value != nullptr;
  record.value = value != nullptr ? *value : SharedBytes();
  enqueue(key, record, version);
  return record.newest_old->present ? &record.newest_old->value : nullptr;
}

void VersionedMap::enqueue(const StoreKey& key, Record& record, int64_t version) {
  if (record.queued) return;
  record.queued = true;
  stale_.push_back({version, key});
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
}

// Drops the values that were replaced at or before `oldest`.
void VersionedMap::trim_chain(Record& record, int64_t oldest) {
  while (record.newest_old != nullptr) {
    Old* last = record.newest_old->newer;
    const bool alone = last == record.newest_old;
    const int64_t replaced_at = alone ? record.version : last->newer->version;
    if (replaced_at > oldest) return;
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
  while (!stale_.empty() && stale_.front().due <= oldest) {
    const StoreKey key = std::move(stale_.front().key);
    stale_.pop_front();
    const auto it = map_.find(key);
    SQUALL_ASSERT(it != map_.end());
    Record& record = it->second;
    record.queued = false;
    trim_chain(record, oldest);
    if (record.newest_old != nullptr || (!record.present && record.version > oldest)) {
      // Written again meanwhile. At the back of the queue: it rises, and the key is looked at once a window.
      const int64_t back = stale_.empty() ? 0 : stale_.back().due;
      enqueue(key, record, std::max(back, record.version));
    } else if (!record.present) {
      map_.erase(it);
    }
  }
}

void VersionedMap::Cursor::seek(const StoreKey& key) {
  it_ = map_.lower_bound(key);
  settle_forward();
}

void VersionedMap::Cursor::next() {
  ++it_;
  settle_forward();
}

void VersionedMap::Cursor::settle_forward() {
  value_ = nullptr;
  for (; it_ != map_.end(); ++it_) {
    value_ = visible(it_->second, version_);
    if (value_ != nullptr) return;
  }
}

void VersionedMap::Cursor::seek_before(const StoreKey& key) {
  it_ = map_.lower_bound(key);
  settle_backward();
}

void VersionedMap::Cursor::previous() { settle_backward(); }

// Steps back from it_ to the first visible key before it.
void VersionedMap::Cursor::settle_backward() {
  value_ = nullptr;
  while (it_ != map_.begin()) {
    --it_;
    value_ = visible(it_->second, version_);
    if (value_ != nullptr) return;
  }
}

}  // namespace squall::sim
