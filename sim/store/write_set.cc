#include "sim/store/write_set.h"

#include <algorithm>

#include "sim/store/atomics.h"
#include "sim/store/versionstamp.h"

namespace squall::sim {

using Kind = StoreMutation::Kind;

bool WriteSet::is_stamped(const StoreMutation& mutation) {
  return mutation.is_atomic(AtomicOp::kSetVersionstampedKey) ||
         mutation.is_atomic(AtomicOp::kSetVersionstampedValue);
}

void WriteSet::append(StoreMutation mutation, int64_t min_version) {
  if (mutation.is_atomic(AtomicOp::kSetVersionstampedKey)) {
    key_stamp_floors_.push_back(min_version);
  }
  log_.push_back(std::move(mutation));
}

void WriteSet::index() {
  while (next_.size() < log_.size()) {
    next_.push_back(kNone);
    index_one(static_cast<uint32_t>(next_.size() - 1));
  }
}

void WriteSet::index_one(uint32_t place) {
  const StoreMutation& mutation = log_[place];
  if (mutation.kind == Kind::kClearRange) return index_range_clear(mutation);
  index_point(place);
  if (mutation.kind == Kind::kClear && !unreadable_.empty()) {
    unreadable_.subtract(mutation.key, StoreKey::after(mutation.key.view()));
  }
  if (mutation.is_atomic(AtomicOp::kSetVersionstampedKey)) {
    const int64_t floor = key_stamp_floors_[floors_indexed_++];
    StoreKeyRange range = stamped_key_range(mutation.key.view(), floor);
    unreadable_.add(std::move(range.begin), std::move(range.end));
  }
}

void WriteSet::index_point(uint32_t place) {
  const StoreKey& key = log_[place].key;
  const Chain fresh{place, place, is_stamped(log_[place])};
  if (chains_.empty() || key_of(chains_.back()) < key) {
    chains_.push_back(fresh);
    return;
  }
  const size_t at = first_chain_at(key);
  if (key_of(chains_[at]) == key) {
    extend(chains_[at], place);
  } else {
    chains_.insert(chains_.begin() + static_cast<ptrdiff_t>(at), fresh);
  }
}

void WriteSet::extend(Chain& chain, uint32_t place) {
  const StoreMutation& mutation = log_[place];
  const bool begins_anew =
      mutation.kind == Kind::kClear || (mutation.kind == Kind::kSet && !chain.unreadable);
  if (begins_anew) {
    chain = {place, place, false};
    return;
  }
  next_[chain.tail] = place;
  chain.tail = place;
  chain.unreadable |= is_stamped(mutation);
}

void WriteSet::index_range_clear(const StoreMutation& mutation) {
  const StoreKey end(mutation.operand.view());
  const auto first = chains_.begin() + static_cast<ptrdiff_t>(first_chain_at(mutation.key));
  const auto last = chains_.begin() + static_cast<ptrdiff_t>(first_chain_at(end));
  chains_.erase(first, last);
  cleared_.add(mutation.key, end);
  if (!unreadable_.empty()) unreadable_.subtract(mutation.key, end);
}

size_t WriteSet::first_chain_at(const StoreKey& key) const {
  const auto it = std::partition_point(chains_.begin(), chains_.end(),
                                       [&](const Chain& chain) { return key_of(chain) < key; });
  return static_cast<size_t>(it - chains_.begin());
}

const WriteSet::Chain* WriteSet::find(const StoreKey& key) const {
  const size_t at = first_chain_at(key);
  return at < chains_.size() && key_of(chains_[at]) == key ? &chains_[at] : nullptr;
}

bool WriteSet::is_unreadable(const StoreKey& key) const {
  if (unreadable_.contains(key)) return true;
  const Chain* chain = find(key);
  return chain != nullptr && chain->unreadable;
}

bool WriteSet::is_independent(const Chain& chain) const {
  for (uint32_t place = chain.head; place != kNone; place = next_[place]) {
    const StoreMutation& mutation = log_[place];
    const bool replaces =
        mutation.kind != Kind::kAtomic || mutation.op == AtomicOp::kSetVersionstampedValue;
    if (replaces) return true;
  }
  return cleared_.contains(key_of(chain));
}

bool WriteSet::is_independent(const StoreKey& key) const {
  const Chain* chain = find(key);
  return chain != nullptr ? is_independent(*chain) : cleared_.contains(key);
}

bool WriteSet::is_clear(const Chain& chain) const {
  return chain.head == chain.tail && log_[chain.head].kind == Kind::kClear;
}

bool WriteSet::writes_its_key(const Chain& chain) const {
  for (uint32_t place = chain.head; place != kNone; place = next_[place]) {
    if (!log_[place].is_atomic(AtomicOp::kSetVersionstampedKey)) return true;
  }
  return false;
}

StoreValue WriteSet::fold(const Chain& chain, const StoreValue& base) const {
  StoreValue value;
  if (base && !cleared_.contains(key_of(chain))) value = base;
  for (uint32_t place = chain.head; place != kNone; place = next_[place]) {
    const StoreMutation& mutation = log_[place];
    if (is_stamped(mutation)) {
      value = mutation.operand;
    } else if (mutation.kind == Kind::kAtomic) {
      value = apply_atomic(mutation.op, value, mutation.operand);
    } else if (mutation.kind == Kind::kSet) {
      value = mutation.operand;
    } else {
      value.reset();
    }
  }
  return value;
}

void WriteSet::clear() {
  // A rare huge transaction must not leave its buffers in the pool.
  constexpr size_t kKeptMutations = 1024;
  if (log_.capacity() > kKeptMutations) {
    *this = WriteSet();
    return;
  }
  log_.clear();
  key_stamp_floors_.clear();
  next_.clear();
  chains_.clear();
  cleared_.clear();
  unreadable_.clear();
  floors_indexed_ = 0;
}

}  // namespace squall::sim
