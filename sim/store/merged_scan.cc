#include "sim/store/merged_scan.h"

#include "engine/planted.h"

namespace squall::sim {

MergedScan::MergedScan(const VersionedMap& map, int64_t version, const WriteSet* own,
                       const StoreKey& begin, const StoreKey& end, bool reverse)
    : cursor_(map, version),
      own_(own != nullptr && !own->empty() ? own : nullptr),
      begin_(begin),
      end_(end),
      reverse_(reverse) {
  if (reverse) {
    cursor_.seek_before(end);
  } else {
    cursor_.seek(begin);
  }
  if (own_ == nullptr) return;
  chain_ = own_->first_chain_at(reverse ? end : begin);
  if (reverse) {
    const auto& ranges = own_->unreadable().ranges();
    while (unreadable_ < ranges.size() && ranges[unreadable_].begin < end) ++unreadable_;
  } else {
    unreadable_ = own_->unreadable().first_ending_after(begin);
  }
}

bool MergedScan::take(bool at_store, const WriteSet::Chain* chain) {
  if (chain == nullptr) {
    key_ = &cursor_.key();
    value_ = &cursor_.value();
    return true;
  }
  key_ = &own_->key_of(*chain);
  StoreValue base;
  if (at_store) base = cursor_.value();
  folded_ = own_->fold(*chain, base);
  value_ = folded_ ? &*folded_ : nullptr;
  return folded_.has_value();
}

void MergedScan::skip_cleared_forward() {
  while (cursor_.valid() && cursor_.key() < end_) {
    const RangeSet::Range* cleared = own_->cleared().find(cursor_.key());
    if (cleared == nullptr) return;
    cursor_.seek(cleared->end);
  }
}

void MergedScan::skip_cleared_backward() {
  while (cursor_.valid() && begin_ <= cursor_.key()) {
    const RangeSet::Range* cleared = own_->cleared().find(cursor_.key());
    if (cleared == nullptr) return;
    cursor_.seek_before(cleared->begin);
  }
}

bool MergedScan::merges_past_end(const WriteSet::Chain& chain) const {
  if (!planted(Defect::kScanMergesWritesPastEnd)) return false;
  return !cursor_.valid() || own_->key_of(chain) < cursor_.key();
}

MergedScan::Step MergedScan::next_forward() {
  // The last row was at the cursor: move on only now, since key() and value() point into it.
  if (key_ != nullptr && cursor_.valid() && cursor_.key() <= *key_) cursor_.next();
  if (own_ == nullptr) {
    if (!cursor_.valid() || end_ <= cursor_.key()) return Step::kEnd;
    take(true, nullptr);
    return Step::kRow;
  }
  while (true) {
    skip_cleared_forward();
    const bool in_store = cursor_.valid() && cursor_.key() < end_;
    const WriteSet::Chain* chain =
        chain_ < own_->chains().size() ? &own_->chains()[chain_] : nullptr;
    if (chain != nullptr && end_ <= own_->key_of(*chain) && !merges_past_end(*chain))
      chain = nullptr;
    const bool at_chain = chain != nullptr && (!in_store || own_->key_of(*chain) <= cursor_.key());
    const bool at_store = in_store && (!at_chain || cursor_.key() == own_->key_of(*chain));
    const StoreKey* next = at_chain ? &own_->key_of(*chain) : at_store ? &cursor_.key() : nullptr;
    if (unreadable_ < own_->unreadable().ranges().size()) {
      const StoreKey& from = own_->unreadable().ranges()[unreadable_].begin;
      if (from < end_ && (next == nullptr || from <= *next)) return Step::kUnreadable;
    }
    if (next == nullptr) return Step::kEnd;
    if (at_chain && chain->unreadable) return Step::kUnreadable;
    if (at_chain) ++chain_;
    if (take(at_store, at_chain ? chain : nullptr)) return Step::kRow;
    if (at_store) cursor_.next();
  }
}

MergedScan::Step MergedScan::next_backward() {
  if (key_ != nullptr && cursor_.valid() && *key_ <= cursor_.key()) cursor_.previous();
  if (own_ == nullptr) {
    if (!cursor_.valid() || cursor_.key() < begin_) return Step::kEnd;
    take(true, nullptr);
    return Step::kRow;
  }
  while (true) {
    skip_cleared_backward();
    const bool in_store = cursor_.valid() && begin_ <= cursor_.key();
    const WriteSet::Chain* chain = chain_ > 0 ? &own_->chains()[chain_ - 1] : nullptr;
    if (chain != nullptr && own_->key_of(*chain) < begin_) chain = nullptr;
    const bool at_chain = chain != nullptr && (!in_store || cursor_.key() <= own_->key_of(*chain));
    const bool at_store = in_store && (!at_chain || cursor_.key() == own_->key_of(*chain));
    const StoreKey* next = at_chain ? &own_->key_of(*chain) : at_store ? &cursor_.key() : nullptr;
    if (unreadable_ > 0) {
      const StoreKey& to = own_->unreadable().ranges()[unreadable_ - 1].end;
      if (begin_ < to && (next == nullptr || *next < to)) return Step::kUnreadable;
    }
    if (next == nullptr) return Step::kEnd;
    if (at_chain && chain->unreadable) return Step::kUnreadable;
    if (at_chain) --chain_;
    if (take(at_store, at_chain ? chain : nullptr)) return Step::kRow;
    if (at_store) cursor_.previous();
  }
}

}  // namespace squall::sim
