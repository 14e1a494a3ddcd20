#include "vfs/database_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "vfs/header_page.h"

namespace squall {

namespace {

uint32_t pgno_of(int64_t offset_bytes) {
  return static_cast<uint32_t>(offset_bytes / kPageSizeBytes) + 1;
}

// Each of these defects lets SQLite commit in a way that the default profile rules out.
bool takes_writes_outside_batches() {
  return planted(Defect::kFailedCommitLeavesFileAlive) || planted(Defect::kNoBatchProbe) ||
         planted(Defect::kSynchronousOffAllowed) || planted(Defect::kWalAllowed);
}

}  // namespace

DatabaseFile::DatabaseFile(const VfsOptions& options, SessionStart start, Transport& transport,
                           Runtime& runtime, PagePool& pages)
    : options_(options),
      runtime_(runtime),
      pool_(pages),
      client_(options_, start, transport, runtime, statistics_),
      extent_{start.head.size_pages, start.head.size_pages},
      cache_(options.page_cache_pages) {
  for (NumberedPage& preloaded : start.preloaded) {
    if (preloaded.page && preloaded.pgno <= extent_.size_pages) {
      cache_.put(preloaded.pgno, std::move(preloaded.page));
    }
  }
  if (options_.profile == Profile::kOriginal && extent_.size_pages == 0) {
    // SQLite opens a journal file for the first transaction of a file without pages, and EXCLUSIVE
    // locking keeps it open: no later commit would be a batch.
    probe(runtime_, Probe::kVfsShowsFreshPage);
    fresh_page_ = pool_.build(write_fresh_page_1);
    extent_.size_pages = 1;
  }
}

int DatabaseFile::read(char* out, int64_t size_bytes, int64_t offset_bytes) {
  if (dead_) return SQLITE_IOERR_READ;
  while (size_bytes > 0) {
    const uint32_t pgno = pgno_of(offset_bytes);
    if (pgno > extent_.size_pages) {
      std::memset(out, 0, static_cast<size_t>(size_bytes));
      return SQLITE_IOERR_SHORT_READ;
    }
    Result<PageRef> page = page_at(pgno);
    if (!page) return die(page.error().message, SQLITE_IOERR_READ);
    const int64_t in_page = offset_bytes % kPageSizeBytes;
    const int64_t part = std::min<int64_t>(size_bytes, kPageSizeBytes - in_page);
    std::memcpy(out, page->data() + in_page, static_cast<size_t>(part));
    out += part;
    offset_bytes += part;
    size_bytes -= part;
  }
  return SQLITE_OK;
}

int DatabaseFile::write(const char* bytes, int64_t size_bytes, int64_t offset_bytes) {
  if (dead_) return SQLITE_IOERR_WRITE;
  ++statistics_.writes;
  if (!in_batch_) {
    if (probing_) return SQLITE_FULL;
    ++statistics_.writes_outside_batch;
    probe(runtime_, Probe::kVfsSpills);
    if (options_.profile == Profile::kDefault && !takes_writes_outside_batches()) {
      return die("SQLite wrote outside an atomic batch", SQLITE_IOERR_WRITE);
    }
  }
  while (size_bytes > 0) {
    const uint32_t pgno = pgno_of(offset_bytes);
    const int64_t in_page = offset_bytes % kPageSizeBytes;
    const int64_t part = std::min<int64_t>(size_bytes, kPageSizeBytes - in_page);
    Result<void> written =
        part == kPageSizeBytes
            ? write_page(pgno, bytes)
            : write_part(pgno, bytes, static_cast<size_t>(part), static_cast<size_t>(in_page));
    if (!written) return die(written.error().message, SQLITE_IOERR_WRITE);
    extent_.size_pages = std::max(extent_.size_pages, pgno);
    bytes += part;
    offset_bytes += part;
    size_bytes -= part;
  }
  return SQLITE_OK;
}

int DatabaseFile::truncate(int64_t new_size_bytes) {
  if (dead_) return SQLITE_IOERR_TRUNCATE;
  const auto new_size =
      static_cast<uint32_t>((new_size_bytes + kPageSizeBytes - 1) / kPageSizeBytes);
  if (new_size < extent_.size_pages) {
    probe(runtime_, Probe::kVfsTruncates);
    buffer_.erase(buffer_.upper_bound(new_size), buffer_.end());
    cache_.drop_past(last_cached(new_size));
    const bool keeps_old = planted(Defect::kRegrowthShowsOldBytes);
    if (!keeps_old) extent_.base_pages = std::min(extent_.base_pages, new_size);
  }
  extent_.size_pages = new_size;
  return SQLITE_OK;
}

int DatabaseFile::sync() {
  if (dead_) return SQLITE_IOERR_FSYNC;
  if (buffer_.empty()) probe(runtime_, Probe::kVfsEmptyBatch);
  const bool nothing = buffer_.empty() && !planted(Defect::kEmptyCommitReachesEngine);
  if (in_batch_ || nothing) return SQLITE_OK;
  ++statistics_.sync_commits;
  probe(runtime_, Probe::kVfsCommitsBySync);
  return commit_buffer(SQLITE_IOERR_FSYNC);
}

int DatabaseFile::begin_atomic() {
  if (dead_) return SQLITE_IOERR_BEGIN_ATOMIC;
  if (in_batch_ || !buffer_.empty()) {
    return die("an atomic batch began over uncommitted pages", SQLITE_IOERR_BEGIN_ATOMIC);
  }
  in_batch_ = true;
  before_batch_ = extent_;
  return SQLITE_OK;
}

int DatabaseFile::commit_atomic() {
  if (dead_) return SQLITE_IOERR_COMMIT_ATOMIC;
  if (!in_batch_)
    return die("an atomic batch ended that had not begun", SQLITE_IOERR_COMMIT_ATOMIC);
  if (buffer_.empty() && !planted(Defect::kEmptyCommitReachesEngine)) {
    ++statistics_.empty_commits;
    probe(runtime_, Probe::kVfsEmptyBatch);
    in_batch_ = false;
    return SQLITE_OK;
  }
  if (probing_) {
    ++probed_batches_;
    return SQLITE_FULL;
  }
  ++statistics_.atomic_commits;
  const int rc = commit_buffer(SQLITE_IOERR_COMMIT_ATOMIC);
  if (rc == SQLITE_OK) in_batch_ = false;
  return rc;
}

void DatabaseFile::rollback_atomic() {
  if (!in_batch_) return;
  in_batch_ = false;
  buffer_.clear();
  extent_ = before_batch_;
}

void DatabaseFile::discard_uncommitted() {
  if (!buffer_.empty()) probe(runtime_, Probe::kVfsClosesOverDirty);
  rollback_atomic();
  buffer_.clear();
  extent_ = {client_.head().size_pages, client_.head().size_pages};
  if (fresh_page_) extent_.size_pages = 1;
}

void DatabaseFile::begin_probe() {
  probing_ = true;
  probed_batches_ = 0;
}

uint32_t DatabaseFile::end_probe() {
  probing_ = false;
  return probed_batches_;
}

int DatabaseFile::die(std::string reason, int io_error) {
  if (!dead_) {
    probe(runtime_, Probe::kVfsFileDies);
    if (!buffer_.empty()) probe(runtime_, Probe::kVfsDiesInCommit);
    last_error_ = std::move(reason);
  }
  dead_ = true;
  return io_error;
}

Result<PageRef> DatabaseFile::page_at(uint32_t pgno) {
  if (!buffer_.empty()) {
    if (auto dirty = buffer_.find(pgno); dirty != buffer_.end()) return dirty->second;
  }
  if (pgno > extent_.base_pages) return unwritten_page(pgno);
  if (options_.prefetch) predictor_.record(pgno);
  if (const PageRef* cached = cache_.find(pgno)) {
    ++statistics_.cache_hits;
    return *cached;
  }
  return fetch(pgno);
}

PageRef DatabaseFile::unwritten_page(uint32_t pgno) {
  if (pgno == 1 && fresh_page_) return fresh_page_;
  const PageRef* stale = planted(Defect::kTruncateLeavesCachedPage) ? cache_.find(pgno) : nullptr;
  return stale != nullptr ? *stale : pool_.zero();
}

uint32_t DatabaseFile::last_cached(uint32_t size_pages) const {
  return planted(Defect::kTruncateLeavesCachedPage) ? size_pages + 1 : size_pages;
}

Result<PageRef> DatabaseFile::fetch(uint32_t pgno) {
  wanted_.assign(1, pgno);
  if (options_.prefetch && pgno <= extent_.base_pages) {
    predictor_.predict(extent_.base_pages, &wanted_);
    const auto known = [&](uint32_t p) { return cache_.contains(p) || buffer_.contains(p); };
    wanted_.erase(std::remove_if(wanted_.begin() + 1, wanted_.end(), known), wanted_.end());
    std::sort(wanted_.begin() + 1, wanted_.end());
    wanted_.erase(std::unique(wanted_.begin() + 1, wanted_.end()), wanted_.end());
    wanted_.erase(std::remove(wanted_.begin() + 1, wanted_.end(), pgno), wanted_.end());
  }
  if (wanted_.size() > 1) probe(runtime_, Probe::kVfsPrefetches);
  if (extent_.size_pages > client_.head().size_pages) probe(runtime_, Probe::kVfsFetchesWhileGrown);
  Result<std::vector<NumberedPage>> pages = client_.fetch(wanted_);
  if (!pages) return Failure(pages.error());
  if (planted(Defect::kReadReplyOverwritesHead)) extent_.size_pages = client_.head().size_pages;
  statistics_.pages_fetched += pages->size();
  statistics_.pages_prefetched += pages->size() - 1;
  // The wanted page last, as the most recently used.
  for (size_t i = pages->size(); i-- > 0;) {
    const NumberedPage& page = (*pages)[i];
    if (page.page && page.pgno <= extent_.base_pages) keep(page.pgno, page.page);
  }
  return std::move(pages->front().page);
}

void DatabaseFile::keep(uint32_t pgno, PageRef page) {
  if (cache_.put(pgno, std::move(page))) probe(runtime_, Probe::kVfsEvictsPage);
}

Result<void> DatabaseFile::write_page(uint32_t pgno, const char* bytes) {
  if (planted(Defect::kFetchBeforeFullWrite) && !buffer_.contains(pgno) && !cache_.contains(pgno)) {
    if (Result<PageRef> old = fetch(pgno); !old) return Failure(old.error());
  }
  if (pgno <= extent_.base_pages && !cache_.contains(pgno))
    probe(runtime_, Probe::kVfsWritesUncachedPage);
  if (planted(Defect::kSecondSpillLost) && !in_batch_ && buffer_.contains(pgno)) return {};
  buffer_.insert_or_assign(buffer_.end(), pgno, pool_.copy(bytes));
  return {};
}

Result<void> DatabaseFile::write_part(uint32_t pgno, const char* bytes, size_t size_bytes,
                                      size_t offset_in_page) {
  PageRef old = pool_.zero();
  if (pgno <= extent_.size_pages) {
    Result<PageRef> present = page_at(pgno);
    if (!present) return Failure(present.error());
    old = std::move(*present);
  }
  buffer_.insert_or_assign(pgno, pool_.build([&](char* page) {
    std::memcpy(page, old.data(), kPageSizeBytes);
    std::memcpy(page + offset_in_page, bytes, size_bytes);
  }));
  return {};
}

}  // namespace squall
