// The pages of one database that are the engine's at the session's head, least recently used out
// first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/page.h"

namespace squall {

class PageCache {
 public:
  // Memory: up to capacity_pages pages, and 4 bytes for each page number up to the largest one
  // seen.
  explicit PageCache(size_t capacity_pages);

  // The page, now the most recently used, or null.
  const PageRef* find(uint32_t pgno);
  bool contains(uint32_t pgno) const { return slot_of(pgno) != kNone; }
  // Replaces an older copy. True when another page had to go for it.
  bool put(uint32_t pgno, PageRef page);
  // Forgets every page above last_pgno.
  void drop_past(uint32_t last_pgno);
  // Whether a page above last_pgno is there.
  bool holds_past(uint32_t last_pgno) const;
  size_t size() const { return used_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Slot {
    uint32_t pgno = 0;
    uint32_t newer = kNone;
    uint32_t older = kNone;  // or the next free slot
    PageRef page;
  };

  uint32_t slot_of(uint32_t pgno) const {
    return pgno < slots_by_pgno_.size() ? slots_by_pgno_[pgno] : kNone;
  }
  void unlink(uint32_t slot);
  void link_newest(uint32_t slot);
  void release(uint32_t slot);
  uint32_t take_slot();

  size_t capacity_;
  size_t used_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint32_t> slots_by_pgno_;
  uint32_t newest_ = kNone;
  uint32_t oldest_ = kNone;
  uint32_t free_ = kNone;
};

}  // namespace squall
