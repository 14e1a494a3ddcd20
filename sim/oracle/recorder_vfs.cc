#include "sim/oracle/recorder_vfs.h"

#include <algorithm>

#include "sim/oracle/acked_durable.h"
#include "sim/oracle/api_contract.h"
#include "sim/oracle/error_old_or_new.h"
#include "sim/oracle/page_images.h"
#include "sim/oracle/twin_vfs.h"
#include "sim/sqlite_memory.h"

namespace squall::sim {
namespace {

// Pages of one transaction whose bytes are kept.
constexpr size_t kMostKeptWrites = 256;

// A file as SQLite holds it; the one of the VFS below lies right behind.
struct alignas(16) RecordedFile {
  sqlite3_file base;
  RecorderVfs* recorder;
  bool is_database;
};

sqlite3_file* below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<RecordedFile*>(file) + 1);
}
// Null for journals and temporary files, which are handed on untouched.
RecorderVfs* recorder_of(sqlite3_file* file) {
  auto* recorded = reinterpret_cast<RecordedFile*>(file);
  return recorded->is_database ? recorded->recorder : nullptr;
}

}  // namespace

using Batches = RecorderVfs::Batches;

struct RecorderMethods {
  static sqlite3_vfs* below_of(sqlite3_vfs* vfs) {
    return static_cast<RecorderVfs*>(vfs->pAppData)->below_;
  }

  // --- files ---
  static int close(sqlite3_file* file) {
    const OutsideSqlite outside;
    return below(file)->pMethods->xClose(below(file));
  }
  static int read(sqlite3_file* file, void* out, int size_bytes, sqlite3_int64 offset_bytes) {
    const OutsideSqlite outside;
    const int rc = below(file)->pMethods->xRead(below(file), out, size_bytes, offset_bytes);
    if (RecorderVfs* recorder = recorder_of(file)) {
      recorder->note_call("a read", rc);
      recorder->after_read(static_cast<const char*>(out), size_bytes, offset_bytes, rc);
    }
    return rc;
  }
  static int write(sqlite3_file* file, const void* bytes, int size_bytes,
                   sqlite3_int64 offset_bytes) {
    const OutsideSqlite outside;
    RecorderVfs* recorder = recorder_of(file);
    if (recorder == nullptr)
      return below(file)->pMethods->xWrite(below(file), bytes, size_bytes, offset_bytes);
    recorder->truth_.inside_full_write =
        size_bytes % kPageSizeBytes == 0 && offset_bytes % kPageSizeBytes == 0;
    const int rc = below(file)->pMethods->xWrite(below(file), bytes, size_bytes, offset_bytes);
    recorder->truth_.inside_full_write = false;
    recorder->note_call("a write", rc);
    if (rc == SQLITE_OK)
      recorder->after_write(static_cast<const char*>(bytes), size_bytes, offset_bytes);
    return rc;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size_bytes) {
    const OutsideSqlite outside;
    const int rc = below(file)->pMethods->xTruncate(below(file), size_bytes);
    RecorderVfs* recorder = recorder_of(file);
    if (recorder != nullptr) recorder->note_call("a truncate", rc);
    if (recorder != nullptr && rc == SQLITE_OK && recorder->watching()) {
      recorder->truth_.pending.truncate(
          static_cast<uint32_t>((size_bytes + kPageSizeBytes - 1) / kPageSizeBytes));
    }
    return rc;
  }
  static int sync(sqlite3_file* file, int flags) {
    const OutsideSqlite outside;
    RecorderVfs* recorder = recorder_of(file);
    return recorder ? recorder->sync(below(file), flags)
                    : below(file)->pMethods->xSync(below(file), flags);
  }
  static int file_size(sqlite3_file* file, sqlite3_int64* size_bytes) {
    const OutsideSqlite outside;
    const int rc = below(file)->pMethods->xFileSize(below(file), size_bytes);
    RecorderVfs* recorder = recorder_of(file);
    if (recorder != nullptr && rc == SQLITE_OK && recorder->watching() &&
        recorder->truth_.attempt == Attempt::kNone) {
      check_file_size(recorder->judge_, recorder->truth_, *size_bytes);
    }
    return rc;
  }
  static int lock(sqlite3_file* file, int level) {
    const int rc = below(file)->pMethods->xLock(below(file), level);
    if (RecorderVfs* recorder = recorder_of(file); recorder != nullptr)
      recorder->note_call("a lock", rc);
    return rc;
  }
  static int unlock(sqlite3_file* file, int level) {
    return below(file)->pMethods->xUnlock(below(file), level);
  }
  static int check_reserved_lock(sqlite3_file* file, int* reserved) {
    return below(file)->pMethods->xCheckReservedLock(below(file), reserved);
  }
  static int file_control(sqlite3_file* file, int op, void* argument) {
    const OutsideSqlite outside;
    RecorderVfs* recorder = recorder_of(file);
    if (recorder != nullptr && op == SQLITE_FCNTL_COMMIT_ATOMIC_WRITE)
      return recorder->commit_atomic(below(file));
    const int rc = below(file)->pMethods->xFileControl(below(file), op, argument);
    if (recorder == nullptr || !recorder->watching()) return rc;
    if (op == SQLITE_FCNTL_BEGIN_ATOMIC_WRITE && rc == SQLITE_OK) {
      recorder->in_batch_ = true;
      recorder->before_batch_ = recorder->truth_.pending;
    } else if (op == SQLITE_FCNTL_ROLLBACK_ATOMIC_WRITE && recorder->in_batch_) {
      recorder->in_batch_ = false;
      if (recorder->truth_.attempt == Attempt::kNone)
        recorder->truth_.pending = recorder->before_batch_;
    }
    return rc;
  }
  static int sector_size(sqlite3_file* file) {
    const int size_bytes = below(file)->pMethods->xSectorSize(below(file));
    if (RecorderVfs* recorder = recorder_of(file); recorder != nullptr && recorder->watching()) {
      check_sector_size(recorder->judge_, recorder->truth_, size_bytes);
    }
    return size_bytes;
  }
  static int device_characteristics(sqlite3_file* file) {
    const int characteristics = below(file)->pMethods->xDeviceCharacteristics(below(file));
    RecorderVfs* recorder = recorder_of(file);
    if (recorder == nullptr) return characteristics;
    if (recorder->watching()) {
      check_device_characteristics(recorder->judge_, recorder->truth_, recorder->profile_,
                                   characteristics);
    }
    return recorder->batches_ == Batches::kKnown ? characteristics
                                                 : characteristics & ~SQLITE_IOCAP_BATCH_ATOMIC;
  }

  // --- the VFS ---
  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags,
                  int* out_flags) {
    const OutsideSqlite outside;
    static const sqlite3_io_methods kMethods = methods();
    auto* recorder = static_cast<RecorderVfs*>(vfs->pAppData);
    auto* recorded = reinterpret_cast<RecordedFile*>(file);
    recorded->recorder = recorder;
    recorded->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const int rc = recorder->below_->xOpen(recorder->below_, name, below(file), flags, out_flags);
    if (rc == SQLITE_OK && recorder->watching()) {
      check_opened_file(recorder->judge_, recorder->truth_, recorder->profile_, flags);
    }
    // SQLite closes what has methods, even after a failed open.
    file->pMethods = below(file)->pMethods != nullptr ? &kMethods : nullptr;
    return rc;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    const OutsideSqlite outside;
    return below_of(vfs)->xDelete(below_of(vfs), name, sync_directory);
  }
  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    const OutsideSqlite outside;
    return below_of(vfs)->xAccess(below_of(vfs), name, flags, result);
  }
  static int full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    const OutsideSqlite outside;
    return below_of(vfs)->xFullPathname(below_of(vfs), name, size, out);
  }
  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    return below_of(vfs)->xRandomness(below_of(vfs), size, out);
  }
  static int sleep(sqlite3_vfs* vfs, int microseconds) {
    const OutsideSqlite outside;
    return below_of(vfs)->xSleep(below_of(vfs), microseconds);
  }
  static int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
    *out = julian_ms(static_cast<RecorderVfs*>(vfs->pAppData)->time_us_);
    return SQLITE_OK;
  }
  static int current_time(sqlite3_vfs* vfs, double* out) {
    sqlite3_int64 ms = 0;
    const int rc = current_time_ms(vfs, &ms);
    *out = static_cast<double>(ms) / 86'400'000.0;
    return rc;
  }
  static int get_last_error(sqlite3_vfs* vfs, int size, char* out) {
    return below_of(vfs)->xGetLastError(below_of(vfs), size, out);
  }

  // Version 1, as below: without shared memory there is no WAL.
  static sqlite3_io_methods methods() {
    sqlite3_io_methods result{};
    result.iVersion = 1;
    result.xClose = close;
    result.xRead = read;
    result.xWrite = write;
    result.xTruncate = truncate;
    result.xSync = sync;
    result.xFileSize = file_size;
    result.xLock = lock;
    result.xUnlock = unlock;
    result.xCheckReservedLock = check_reserved_lock;
    result.xFileControl = file_control;
    result.xSectorSize = sector_size;
    result.xDeviceCharacteristics = device_characteristics;
    return result;
  }
};

RecorderVfs::RecorderVfs(sqlite3_vfs* below, const SessionLink& link, PagePool& pool,
                         const std::function<bool()>& process_dead, Profile profile,
                         Batches batches)
    : below_(below),
      actor_(*link.actor),
      truth_(*link.truth),
      judge_(*link.judge),
      blame_(*link.blame),
      pool_(pool),
      process_dead_(process_dead),
      profile_(profile),
      batches_(batches) {
  vfs_.iVersion = 2;
  vfs_.szOsFile = static_cast<int>(sizeof(RecordedFile)) + below->szOsFile;
  vfs_.mxPathname = below->mxPathname;
  vfs_.zName = "squall-recorder";
  vfs_.pAppData = this;
  vfs_.xOpen = RecorderMethods::open;
  vfs_.xDelete = RecorderMethods::remove;
  vfs_.xAccess = RecorderMethods::access;
  vfs_.xFullPathname = RecorderMethods::full_pathname;
  vfs_.xRandomness = RecorderMethods::randomness;
  vfs_.xSleep = RecorderMethods::sleep;
  vfs_.xCurrentTime = RecorderMethods::current_time;
  vfs_.xGetLastError = RecorderMethods::get_last_error;
  vfs_.xCurrentTimeInt64 = RecorderMethods::current_time_ms;
  truth_.pending.reset(*truth_.image);
  // It then shows a page 1 of its own making.
  const bool fresh_page = profile == Profile::kOriginal && truth_.image->size_pages() == 0;
  if (fresh_page) truth_.pending.assume_fresh_page();
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
