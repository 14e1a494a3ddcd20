#include "sim/oracle/cached_pages.h"

#include <algorithm>

namespace squall::sim {

void CachedPages::take_over(const std::vector<NumberedPage>& preloaded, uint32_t size_pages,
                            size_t capacity) {
  preloaded_.clear();
  for (const NumberedPage& page : preloaded) {
    if (page.page && page.pgno <= size_pages) preloaded_.push_back(page.pgno);
  }
  capacity_ = capacity;
}

void CachedPages::open() {
  held_.clear();
  count_ = 0;
  last_read_ = 0;
  step_ = 0;
  equal_steps_ = 0;
  known_ = capacity_ > 0;
  for (const uint32_t pgno : preloaded_) arrive(pgno);
}

void CachedPages::arrive(uint32_t pgno) {
  if (!known_ || holds(pgno)) return;
  if (pgno >= held_.size()) held_.resize(std::max<size_t>(pgno + 1, held_.size() * 2));
  held_[pgno] = true;
  known_ = ++count_ <= capacity_;
}

void CachedPages::cut(uint32_t size_pages) {
  if (!known_ || held_.size() <= size_pages + 1) return;
  const auto past = held_.begin() + static_cast<ptrdiff_t>(size_pages) + 1;
  count_ -= static_cast<size_t>(std::count(past, held_.end(), true));
  held_.resize(size_pages + 1);
}

void CachedPages::read(uint32_t pgno) {
  if (last_read_ != 0) {
    const int64_t step = int64_t{pgno} - last_read_;
    equal_steps_ = step == step_ ? equal_steps_ + 1 : 1;
    step_ = step;
  }
  last_read_ = pgno;
}

uint32_t CachedPages::next_in_stride() const {
  if (!known_ || step_ <= 0 || equal_steps_ < 2) return 0;
  const auto next = static_cast<uint32_t>(last_read_ + step_);
  return holds(next) ? 0 : next;
}

}  // namespace squall::sim
