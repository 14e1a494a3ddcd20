// One page of a database: an immutable 4096-byte image, reference-counted and shared by everyone
// who holds it, from the VFS's write buffer through messages to caches and checks. Built once by a
// PagePool, which recycles the memory and outlives every page that it handed out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/assert.h"

namespace squall {

// The system's page size. The LTX codec knows all of SQLite's sizes; the engine and the VFS one.
inline constexpr uint32_t kPageSizeBytes = 4096;

class PagePool;

class PageRef {
 public:
  PageRef() = default;
  PageRef(const PageRef& other) : frame_(other.frame_) {
    if (frame_) ++frame_->references;
  }
  PageRef(PageRef&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  PageRef& operator=(PageRef other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~PageRef() { reset(); }

  explicit operator bool() const { return frame_ != nullptr; }
  const char* data() const { return frame_->bytes; }
  std::string_view view() const { return {frame_->bytes, kPageSizeBytes}; }
  void reset();
  bool same_memory(const PageRef& other) const { return frame_ == other.frame_; }

 private:
  friend class PagePool;
  struct Frame {
    uint32_t references;
    PagePool* pool;
    Frame* next_free;
    alignas(16) char bytes[kPageSizeBytes];
  };
  explicit PageRef(Frame* frame) : frame_(frame) {}
  Frame* frame_ = nullptr;
};

class PagePool {
 public:
  PagePool();
  ~PagePool();
  PagePool(const PagePool&) = delete;
  PagePool& operator=(const PagePool&) = delete;

  // A copy of the kPageSizeBytes at data.
  PageRef copy(const void* data) {
    return build([&](char* bytes) { std::memcpy(bytes, data, kPageSizeBytes); });
  }
  // A page that fill(char*) writes whole, before anyone else can see it.
  template <typename Fill>
  PageRef build(Fill&& fill) {
    PageRef::Frame* frame = take();
    fill(frame->bytes);
    return PageRef(frame);
  }
  // The shared page of zeros.
  const PageRef& zero() const { return zero_; }
  // Pages handed out and not yet returned, the zero page not counted.
  size_t live_pages() const { return live_ - 1; }

 private:
  friend class PageRef;
  PageRef::Frame* take();
  void give_back(PageRef::Frame* frame);

  std::vector<std::unique_ptr<PageRef::Frame[]>> slabs_;
  PageRef::Frame* free_ = nullptr;
  size_t live_ = 0;
  PageRef zero_;
};

inline void PageRef::reset() {
  if (frame_ && --frame_->references == 0) frame_->pool->give_back(frame_);
  frame_ = nullptr;
}

}  // namespace squall
