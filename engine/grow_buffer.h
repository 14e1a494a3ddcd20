// A byte buffer to append to that never clears memory which is about to be written, and keeps it
// from use to use.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>

namespace squall {

class GrowBuffer {
 public:
  size_t size() const { return size_; }
  char* data() { return data_.get(); }
  std::string_view view() const { return {data_.get(), size_}; }
  // Keeps the memory.
  void clear() { size_ = 0; }

  // Room for most_bytes more after the content, to be written and then counted by add().
  char* room(size_t most_bytes) {
    if (capacity_ - size_ < most_bytes) grow(size_ + most_bytes);
    return data_.get() + size_;
  }
  void add(size_t bytes) { size_ += bytes; }

 private:
  struct Free {
    void operator()(char* data) const { std::free(data); }
  };

  void grow(size_t needed) {
    const size_t capacity = needed > 2 * capacity_ ? needed : 2 * capacity_;
    char* larger = static_cast<char*>(std::realloc(data_.get(), capacity));
    if (larger == nullptr) throw std::bad_alloc();
    static_cast<void>(data_.release());
    data_.reset(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char, Free> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace squall
