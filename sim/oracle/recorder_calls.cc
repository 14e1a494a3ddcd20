// What the recorder makes of SQLite's calls on the database.
#include <algorithm>

#include "sim/oracle/acked_durable.h"
#include "sim/oracle/api_contract.h"
#include "sim/oracle/error_old_or_new.h"
#include "sim/oracle/page_images.h"
#include "sim/oracle/recorder_vfs.h"

namespace squall::sim {
namespace {

// Pages of one transaction whose bytes are kept.
constexpr size_t kMostKeptWrites = 256;

}  // namespace

void RecorderVfs::before_read(int64_t offset_bytes) {
  if (!watching() || truth_.attempt != Attempt::kNone) return;
  const auto pgno = static_cast<uint32_t>(offset_bytes / kPageSizeBytes) + 1;
  const bool committed =
      pgno <= truth_.pending.low_water_pages() && truth_.pending.find(pgno) == nullptr;
  if (committed) truth_.cached.read(pgno);
}

void RecorderVfs::after_read(const char* bytes, int size_bytes, int64_t offset_bytes, int rc) {
  if ((rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ) || !watching()) return;
  if (truth_.attempt != Attempt::kNone) return;
  check_read(judge_, truth_, bytes, static_cast<size_t>(size_bytes), offset_bytes, rc != SQLITE_OK,
             [&](uint32_t pgno) { return blame_.of_read(actor_, truth_, pgno, bytes); });
}

void RecorderVfs::after_write(const char* bytes, int size_bytes, int64_t offset_bytes) {
  if (!watching() || !check_write_allowed(judge_, truth_)) return;
  check_batched(judge_, truth_, profile_, in_batch_);
  while (size_bytes > 0) {
    const auto pgno = static_cast<uint32_t>(offset_bytes / kPageSizeBytes) + 1;
    const auto in_page = static_cast<int>(offset_bytes % kPageSizeBytes);
    const int part = std::min(size_bytes, static_cast<int>(kPageSizeBytes) - in_page);
    if (part == static_cast<int>(kPageSizeBytes)) {
      const bool keeps = truth_.pending.pages().size() < kMostKeptWrites;
      truth_.pending.write(pgno, bytes, keeps ? pool_.copy(bytes) : PageRef());
    } else {
      truth_.pending.write_unknown(pgno);
    }
    bytes += part;
    offset_bytes += part;
    size_bytes -= part;
  }
}

int RecorderVfs::commit_atomic(sqlite3_file* below_file) {
  begin_attempt();
  const int rc =
      below_file->pMethods->xFileControl(below_file, SQLITE_FCNTL_COMMIT_ATOMIC_WRITE, nullptr);
  note_call("a commit", rc);
  end_attempt(rc, "commit-atomic");
  if (truth_.attempt == Attempt::kNone && watching()) {
    if (rc == SQLITE_OK) in_batch_ = false;
    if (rc == SQLITE_FULL) truth_.pending = before_batch_;
  }
  return rc;
}

int RecorderVfs::sync(sqlite3_file* below_file, int flags) {
  begin_attempt();
  const int rc = below_file->pMethods->xSync(below_file, flags);
  note_call("a sync", rc);
  end_attempt(rc, "sync");
  return rc;
}

void RecorderVfs::begin_attempt() {
  if (!watching() || truth_.attempt != Attempt::kNone) return;
  truth_.attempt = Attempt::kInCall;
  truth_.attempt_landed = false;
}

void RecorderVfs::end_attempt(int rc, std::string_view site) {
  if (truth_.attempt != Attempt::kInCall) return;
  if (!watching() || (rc != SQLITE_OK && rc != SQLITE_FULL)) {
    truth_.attempt = Attempt::kUnknown;
    return;
  }
  truth_.attempt = Attempt::kNone;
  if (rc == SQLITE_OK) {
    if (truth_.attempt_landed) count_acked();
    return check_acked(judge_, truth_, site);
  }
  truth_.pending.note_refusal();
  // What SQLite writes from here on is what it had: the twin has nothing to commit.
  truth_.on_landing = TwinOnLanding::kNothing;
  // The probe of an opening connection is refused without asking anyone.
  const bool asked = truth_.last_sent_sequence > truth_.last_refused_sequence;
  truth_.last_refused_sequence = truth_.last_sent_sequence;
  check_refused(judge_, truth_, site);
  if (asked) check_error_text(true);
}

void RecorderVfs::count_acked() {
  ++truth_.tally->commits;
  truth_.tally->dirty_pages += truth_.attempt_pages;
  if (truth_.attempt_staged) ++truth_.tally->staged_commits;
  check_error_text(false);
}

void RecorderVfs::note_call(std::string_view call, int rc) {
  if (!watching()) return;
  if ((rc & 0xFF) == SQLITE_IOERR && rc != SQLITE_IOERR_SHORT_READ) {
    failed_ = true;
  } else if (rc == SQLITE_OK) {
    check_dead_file(judge_, truth_, call, failed_);
  }
}

void RecorderVfs::check_error_text(bool refused) {
  char text[80] = "";
  below_->xGetLastError(below_, static_cast<int>(sizeof text), text);
  if (refused) {
    check_says_why(judge_, truth_, text);
  } else {
    check_no_error_text(judge_, truth_, text);
  }
}

}  // namespace squall::sim
