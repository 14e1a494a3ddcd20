// What SQLite has written to its database since the last commit, over the image that it stands on:
// the hash of each page, in the file's order, and where the file ends.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/oracle/page_image.h"

namespace squall::sim {

struct PendingPage {
  uint32_t pgno = 0;
  PageHash hash = kUnknownPage;
  PageRef page;  // its bytes, for messages; null: not kept
};

class PendingWrites {
 public:
  // Nothing is pending; the file is as long as the image.
  void reset(const PageImage& base);
  // The VFS shows a page 1 of its own making in a database that has none, until the first commit.
  void assume_fresh_page();

  // A whole page. kept: the same bytes, for messages.
  void write(uint32_t pgno, const void* page, PageRef kept = {});
  // A page that was written in part: its content is not known until it is written whole.
  void write_unknown(uint32_t pgno);
  void truncate(uint32_t size_pages);
  // The engine was asked to commit what is pending, refused, and SQLite was told so.
  void note_refusal() { refused_ = true; }

  // What a read of the page must give: zeros past the lowest end since the last commit unless
  // written since. 1 ≤ pgno ≤ size_pages().
  PageHash expected(const PageImage& base, uint32_t pgno) const;
  const PendingPage* find(uint32_t pgno) const;
  const std::vector<PendingPage>& pages() const { return pages_; }

  // SQLite knows of each page here that it is not committed: none was written since the refusal.
  bool all_refused() const { return refused_ || pages_.empty(); }

  uint32_t size_pages() const { return size_pages_; }
  // The smallest size since the last commit.
  uint32_t low_water_pages() const { return low_water_pages_; }
  const DatabaseHeader& header() const { return header_; }

 private:
  PendingPage& slot(uint32_t pgno);

  std::vector<PendingPage> pages_;  // by rising page number
  uint32_t size_pages_ = 0;
  uint32_t low_water_pages_ = 0;
  bool fresh_page_ = false;
  bool refused_ = false;
  DatabaseHeader header_{};
};

}  // namespace squall::sim
