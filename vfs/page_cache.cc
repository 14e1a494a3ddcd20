#include "vfs/page_cache.h"

#include <algorithm>
#include <utility>

#include "engine/planted.h"

namespace squall {

PageCache::PageCache(size_t capacity_pages)
    : capacity_(planted(Defect::kUnboundedPageCache) ? 50'000 : capacity_pages) {}

const PageRef* PageCache::find(uint32_t pgno) {
  const uint32_t slot = slot_of(pgno);
  if (slot == kNone) return nullptr;
  if (slot != newest_) {
    unlink(slot);
    link_newest(slot);
  }
  return &slots_[slot].page;
}

bool PageCache::put(uint32_t pgno, PageRef page) {
  if (capacity_ == 0) return false;
  bool evicts = false;
  uint32_t slot = slot_of(pgno);
  if (slot == kNone) {
    evicts = used_ == capacity_;
    slot = take_slot();
    if (pgno >= slots_by_pgno_.size()) {
      slots_by_pgno_.resize(std::max<size_t>(pgno + 1, slots_by_pgno_.size() * 2), kNone);
    }
    slots_by_pgno_[pgno] = slot;
    slots_[slot].pgno = pgno;
    ++used_;
  } else {
    unlink(slot);
  }
  slots_[slot].page = std::move(page);
  link_newest(slot);
  return evicts;
}

void PageCache::drop_past(uint32_t last_pgno) {
  for (size_t pgno = size_t{last_pgno} + 1; pgno < slots_by_pgno_.size(); ++pgno) {
    if (slots_by_pgno_[pgno] != kNone) release(slots_by_pgno_[pgno]);
  }
  if (slots_by_pgno_.size() > size_t{last_pgno} + 1) slots_by_pgno_.resize(size_t{last_pgno} + 1);
}

bool PageCache::holds_past(uint32_t last_pgno) const {
  for (size_t pgno = size_t{last_pgno} + 1; pgno < slots_by_pgno_.size(); ++pgno) {
    if (slots_by_pgno_[pgno] != kNone) return true;
  }
  return false;
}

void PageCache::unlink(uint32_t slot) {
  Slot& s = slots_[slot];
  (s.newer == kNone ? newest_ : slots_[s.newer].older) = s.older;
  (s.older == kNone ? oldest_ : slots_[s.older].newer) = s.newer;
}

void PageCache::link_newest(uint32_t slot) {
  Slot& s = slots_[slot];
  s.newer = kNone;
  s.older = newest_;
  (newest_ == kNone ? oldest_ : slots_[newest_].newer) = slot;
  newest_ = slot;
}

void PageCache::release(uint32_t slot) {
  unlink(slot);
  slots_by_pgno_[slots_[slot].pgno] = kNone;
  slots_[slot].page.reset();
  slots_[slot].older = free_;
  free_ = slot;
  --used_;
}

uint32_t PageCache::take_slot() {
  if (used_ == capacity_) release(oldest_);
  if (free_ == kNone) {
    slots_.emplace_back();
    return static_cast<uint32_t>(slots_.size() - 1);
  }
  const uint32_t slot = free_;
  free_ = slots_[slot].older;
  return slot;
}

}  // namespace squall
