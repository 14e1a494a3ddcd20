// The main database file of one session: what SQLite reads and writes, kept as the engine's pages
// at the session's head plus a buffer of what SQLite has written since. Speaks SQLite's result
// codes.
//
// The engine never sees half a transaction: pages leave the buffer in COMMIT_ATOMIC, or, outside a
// batch, in the sync that SQLite issues once a transaction (or the undoing of a spilled one) is
// complete.
//
// SQLite answers an I/O error in a commit with a second attempt by other means. So before any I/O
// error is returned the file is dead, and every later call fails too. The one failure that leaves
// it alive is a definite refusal by the engine, SQLITE_FULL: SQLite then rolls back. In a batch the
// buffer is dropped; outside one it stays, since SQLite restores the old pages by writing them, and
// the sync after that commits the restored file.
//
// Truncation: SQLite shrinks the file after its commit (VACUUM). The true size is in the header of
// page 1, so the commit itself already carries it and the truncate that follows finds nothing to
// do. Any other truncate outside a batch waits for the next commit; until then the engine's file is
// longer than its header says, which SQLite allows.
#pragma once

#include <absl/container/btree_map.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/page.h"
#include "engine/runtime.h"
#include "engine/transport.h"
#include "vfs/options.h"
#include "vfs/page_cache.h"
#include "vfs/prefetch.h"
#include "vfs/session.h"
#include "vfs/session_client.h"
#include "vfs/statistics.h"

namespace squall {

class DatabaseFile {
 public:
  DatabaseFile(const VfsOptions& options, SessionStart start, Transport& transport,
               Runtime& runtime, PagePool& pages);
  DatabaseFile(const DatabaseFile&) = delete;
  DatabaseFile& operator=(const DatabaseFile&) = delete;

  // --- SQLite's calls ---
  int read(char* out, int64_t size_bytes, int64_t offset_bytes);
  int write(const char* bytes, int64_t size_bytes, int64_t offset_bytes);
  int truncate(int64_t new_size_bytes);
  int sync();
  int64_t size_bytes() const { return int64_t{extent_.size_pages} * kPageSizeBytes; }
  int begin_atomic();
  int commit_atomic();
  void rollback_atomic();
  // Drops what was not committed.
  void discard_uncommitted();

  // From here on COMMIT_ATOMIC, and each write outside a batch, refuses (SQLITE_FULL) without
  // asking the engine, until the probe ends: it finds out whether SQLite takes the batch path.
  void begin_probe();
  // How many refused batches there were.
  uint32_t end_probe();

  // A call that breaks a rule of this profile, or a failure outside this class: ends the session,
  // so that every later call fails. Returns io_error.
  int die(std::string reason, int io_error);

  // --- what it says about itself ---
  bool dead() const { return dead_; }
  struct MemoryUse {
    size_t cached_pages;
    bool caches_past_end;
    size_t buffered_pages;  // written and not yet committed
  };
  MemoryUse memory_use() const {
    return {cache_.size(), cache_.holds_past(extent_.size_pages), buffer_.size()};
  }
  // The text of the last failure; empty after a success that followed it.
  const std::string& last_error() const { return last_error_; }
  const HeadView& head() const { return client_.head(); }
  const VfsStatistics& statistics() const { return statistics_; }
  VfsStatistics& statistics() { return statistics_; }

 private:
  using PageMap = absl::btree_map<uint32_t, PageRef>;
  struct Extent {
    uint32_t size_pages = 0;  // of the file, as SQLite sees it
    // Pages above this one that are not in the buffer read as zeros; up to it, as the engine's.
    // Below size_pages after growth, and after a shrink with regrowth, when the engine's old pages
    // must not come back.
    uint32_t base_pages = 0;
  };

  // The page's present content; an error is the end of the session.
  Result<PageRef> page_at(uint32_t pgno);
  // A page past what the engine has, which SQLite has not written.
  PageRef unwritten_page(uint32_t pgno);
  // The last page that the cache keeps of a file of that size.
  uint32_t last_cached(uint32_t size_pages) const;
  Result<PageRef> fetch(uint32_t pgno);
  void keep(uint32_t pgno, PageRef page);
  Result<void> write_page(uint32_t pgno, const char* bytes);
  Result<void> write_part(uint32_t pgno, const char* bytes, size_t size_bytes,
                          size_t offset_in_page);
  int commit_buffer(int io_error);
  // Whatever is planted: a killed process commits nothing more.
  bool process_lives() { return runtime_.sleep_us(0) != WaitStatus::kProcessDead; }
  Result<void> commit_pages(const std::vector<NumberedPage>& pages, uint32_t size_pages);
  uint32_t size_to_commit() const;
  std::vector<NumberedPage> pages_to_commit(uint32_t size_pages);
  void adopt_commit(const std::vector<NumberedPage>& pages, uint32_t size_pages);

  const VfsOptions options_;
  Runtime& runtime_;
  PagePool& pool_;
  VfsStatistics statistics_;
  SessionClient client_;
  Extent extent_;
  PageMap buffer_;
  bool in_batch_ = false;
  Extent before_batch_;
  PageRef fresh_page_;  // of a new database in the original profile: page 1 until the first commit
  PageCache cache_;
  PrefetchPredictor predictor_;
  std::vector<uint32_t> wanted_;  // scratch of fetch()
  bool probing_ = false;
  uint32_t probed_batches_ = 0;
  bool dead_ = false;
  std::string last_error_;
};

}  // namespace squall
