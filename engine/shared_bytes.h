// SharedBytes: an immutable, reference-counted byte string. Values travel from the codec through
// the store and back without a copy. The count is not atomic: a process of the system, and the
// whole simulation, is one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "engine/assert.h"

namespace squall {

class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(std::string_view bytes) : block_(allocate(bytes.size())) {
    if (!bytes.empty()) std::memcpy(block_->data(), bytes.data(), bytes.size());
  }
  SharedBytes(const SharedBytes& other) : block_(other.block_) { retain(); }
  SharedBytes(SharedBytes&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedBytes& operator=(SharedBytes other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedBytes() { release(); }

  // A block of size_bytes that fill(char*) writes once, before anyone else can see it.
  template <typename Fill>
  static SharedBytes build(size_t size_bytes, Fill&& fill) {
    SharedBytes result;
    result.block_ = allocate(size_bytes);
    fill(result.block_->data());
    return result;
  }

  std::string_view view() const {
    return block_ ? std::string_view(block_->data(), block_->size) : std::string_view();
  }
  operator std::string_view() const { return view(); }
  const char* data() const { return block_ ? block_->data() : nullptr; }
  size_t size() const { return block_ ? block_->size : 0; }
  bool empty() const { return size() == 0; }
  // True when both are the same memory, not merely equal bytes.
  bool same_memory(const SharedBytes& other) const { return block_ == other.block_; }

  friend bool operator==(const SharedBytes& a, const SharedBytes& b) {
    return a.view() == b.view();
  }

 private:
  struct Block {
    uint32_t references;
    uint32_t size;
    char* data() { return reinterpret_cast<char*>(this + 1); }
  };

  static Block* allocate(size_t size_bytes) {
    SQUALL_ASSERT(size_bytes <= UINT32_MAX);
    auto* block = static_cast<Block*>(std::malloc(sizeof(Block) + size_bytes));
    if (block == nullptr) throw std::bad_alloc();
    block->references = 1;
    block->size = static_cast<uint32_t>(size_bytes);
    return block;
  }
  void retain() {
    if (block_) ++block_->references;
  }
  void release() {
    if (block_ && --block_->references == 0) std::free(block_);
  }

  Block* block_ = nullptr;
};

}  // namespace squall
