// Which committed pages the VFS of one session must still have in its cache, and how its reads go:
// what it needs no round trip for. Follows the cache as long as all that came fits in; from the
// first page that may have been evicted on it knows nothing more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/page.h"

namespace squall::sim {

class CachedPages {
 public:
  // The takeover brought these pages of a database of that size.
  void take_over(const std::vector<NumberedPage>& preloaded, uint32_t size_pages, size_t capacity);
  // A VFS is made of what the takeover brought.
  void open();

  void arrive(uint32_t pgno);
  // All past the size is gone.
  void cut(uint32_t size_pages);
  // SQLite is about to read a page that it has not written since the last commit.
  void read(uint32_t pgno);

  bool holds(uint32_t pgno) const { return known_ && pgno < held_.size() && held_[pgno]; }
  // The page that comes next if the reads go on in equal steps upwards, as they have for three
  // pages, and it is not held; 0: none.
  uint32_t next_in_stride() const;

 private:
  std::vector<uint32_t> preloaded_;
  size_t capacity_ = 0;
  bool known_ = false;
  std::vector<bool> held_;  // by page
  size_t count_ = 0;        // of those held
  uint32_t last_read_ = 0;
  int64_t step_ = 0;
  uint32_t equal_steps_ = 0;
};

}  // namespace squall::sim
