#include "engine/page.h"

namespace squall {

namespace {
constexpr size_t kFramesPerSlab = 32;
}  // namespace

PagePool::PagePool() {
  zero_ = build([](char* bytes) { std::memset(bytes, 0, kPageSizeBytes); });
}

PagePool::~PagePool() {
  zero_.reset();
  // Every holder of a page must be gone before the pool: a survivor would point into freed memory.
  SQUALL_ASSERT(live_ == 0);
}

PageRef::Frame* PagePool::take() {
  if (free_ == nullptr) {
    slabs_.emplace_back(new PageRef::Frame[kFramesPerSlab]);
    for (size_t i = 0; i < kFramesPerSlab; ++i) {
      PageRef::Frame* frame = &slabs_.back()[i];
      frame->pool = this;
      frame->next_free = free_;
      free_ = frame;
    }
  }
  PageRef::Frame* frame = free_;
  free_ = frame->next_free;
  frame->references = 1;
  ++live_;
  return frame;
}

void PagePool::give_back(PageRef::Frame* frame) {
  frame->next_free = free_;
  free_ = frame;
  --live_;
}

}  // namespace squall
