// How the database file hands to the engine what SQLite has written.
#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "engine/ltx_format.h"
#include "engine/planted.h"
#include "vfs/database_file.h"
#include "vfs/header_page.h"

namespace squall {

namespace {

bool is_lock_page(uint32_t pgno) { return pgno == ltx::lock_pgno(kPageSizeBytes); }

}  // namespace

int DatabaseFile::commit_buffer(int io_error) {
  const uint32_t size_pages = size_to_commit();
  const std::vector<NumberedPage> pages = pages_to_commit(size_pages);
  if (planted(Defect::kCacheAdoptsBeforeCommit)) {
    for (const NumberedPage& page : pages) cache_.put(page.pgno, page.page);
  }
  Result<void> committed = commit_pages(pages, size_pages);
  if (committed) {
    adopt_commit(pages, size_pages);
    return SQLITE_OK;
  }
  const ErrorCode code = committed.error().code;
  if (code == ErrorCode::kQuotaExceeded || code == ErrorCode::kTooLarge) {
    ++statistics_.refused_commits;
    probe(runtime_, Probe::kVfsCommitRefused);
    last_error_ = std::move(committed.error().message);
    return SQLITE_FULL;
  }
  if (code == ErrorCode::kUnavailable) {
    if (planted(Defect::kLostConnectionTakenForSuccess) && process_lives()) {
      buffer_.clear();
      return SQLITE_OK;
    }
    const Defect defect =
        in_batch_ ? Defect::kFailedCommitLeavesFileAlive : Defect::kLostSyncReplyRolledBack;
    if (planted(defect) && process_lives()) return io_error;
  }
  return die(std::move(committed.error().message), io_error);
}

Result<void> DatabaseFile::commit_pages(const std::vector<NumberedPage>& pages,
                                        uint32_t size_pages) {
  if (Result<void> go_on = checkpoint(runtime_, Site::kVfsBeforeCommitRequest); !go_on) {
    return fail(ErrorCode::kUnavailable, go_on.error().message);
  }
  if (Result<void> committed = client_.commit(pages, size_pages); !committed) return committed;
  if (Result<void> go_on = checkpoint(runtime_, Site::kVfsAfterCommitReply); !go_on) {
    return fail(ErrorCode::kUnavailable, go_on.error().message);
  }
  return {};
}

uint32_t DatabaseFile::size_to_commit() const {
  if (planted(Defect::kReadReplyOverwritesHead)) return extent_.size_pages;
  if (planted(Defect::kRegrowthShowsOldBytes)) return extent_.size_pages;
  if (auto page_1 = buffer_.find(1); page_1 != buffer_.end()) {
    const uint32_t stated = stated_size_pages(page_1->second.data());
    if (stated != 0 && stated < extent_.size_pages) probe(runtime_, Probe::kVfsSizeFromHeader);
    if (stated != 0) return std::min(stated, extent_.size_pages);
  }
  return extent_.size_pages;
}

std::vector<NumberedPage> DatabaseFile::pages_to_commit(uint32_t size_pages) {
  std::vector<NumberedPage> pages;
  pages.reserve(buffer_.size());
  uint32_t next_new = extent_.base_pages + 1;
  const auto fill_up_to = [&](uint32_t end) {
    for (; next_new < end; ++next_new) {
      if (!is_lock_page(next_new)) {
        probe(runtime_, Probe::kVfsFillsHole);
        pages.push_back({next_new, unwritten_page(next_new)});
      }
    }
  };
  for (const auto& [pgno, page] : buffer_) {
    if (pgno > size_pages) break;
    if (pgno >= next_new) {
      fill_up_to(pgno);
      next_new = pgno + 1;
    }
    pages.push_back({pgno, page});
  }
  fill_up_to(size_pages + 1);
  return pages;
}

void DatabaseFile::adopt_commit(const std::vector<NumberedPage>& pages, uint32_t size_pages) {
  if (size_pages < extent_.size_pages) cache_.drop_past(last_cached(size_pages));
  const uint32_t first_new = extent_.base_pages + 1;
  for (const NumberedPage& page : pages) {
    const bool kept = planted(Defect::kTruncateLeavesCachedPage) && page.pgno == first_new &&
                      cache_.contains(page.pgno);
    if (!kept) keep(page.pgno, page.page);
  }
  buffer_.clear();
  extent_ = {size_pages, size_pages};
  fresh_page_.reset();
  if (!last_error_.empty()) probe(runtime_, Probe::kVfsErrorTextCleared);
  last_error_ = planted(Defect::kSuccessLeavesErrorText) ? "committed" : "";
}

}  // namespace squall
