// The index rows of one actor in memory: which delta chunk holds the newest copy of each page that
// is in one.
#pragma once

#include <absl/container/btree_map.h>

#include <cstdint>

#include "engine/rows.h"

namespace squall {

class PageIndex {
 public:
  using Map = absl::btree_map<uint32_t, IndexRow>;

  // Null: the page is in no delta.
  const IndexRow* find(uint32_t pgno) const {
    const auto found = rows_.find(pgno);
    return found == rows_.end() ? nullptr : &found->second;
  }
  bool contains(uint32_t pgno) const { return rows_.contains(pgno); }
  void set(uint32_t pgno, IndexRow row) { rows_[pgno] = row; }
  // Rows come by rising page from a range read.
  void append(uint32_t pgno, IndexRow row) { rows_.emplace_hint(rows_.end(), pgno, row); }
  void erase(uint32_t pgno) { rows_.erase(pgno); }
  void erase_past(uint32_t last_pgno) { rows_.erase(rows_.upper_bound(last_pgno), rows_.end()); }
  size_t count_past(uint32_t last_pgno) const {
    return static_cast<size_t>(std::distance(rows_.upper_bound(last_pgno), rows_.end()));
  }
  size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  const Map& rows() const { return rows_; }

 private:
  Map rows_;
};

}  // namespace squall
