#include "sim/oracle/recorder_vfs.h"

#include "sim/oracle/api_contract.h"
#include "sim/oracle/page_images.h"
#include "sim/oracle/twin_vfs.h"
#include "sim/sqlite_memory.h"
#include "vfs/actor_vfs.h"

namespace squall::sim {
namespace {

struct AuxHandle {
  std::shared_ptr<AuxTruth::File> file;
  std::string remove_at_close;  // its name; empty: it stays
};

// A file as SQLite holds it; the one of the VFS below lies right behind.
struct alignas(16) RecordedFile {
  sqlite3_file base;
  RecorderVfs* recorder;
  AuxHandle* aux;  // null: the database
};

sqlite3_file* below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<RecordedFile*>(file) + 1);
}
// Null for journals and temporary files.
RecorderVfs* recorder_of(sqlite3_file* file) {
  auto* recorded = reinterpret_cast<RecordedFile*>(file);
  return recorded->aux == nullptr ? recorded->recorder : nullptr;
}
AuxTruth::File& aux_of(sqlite3_file* file) {
  return *reinterpret_cast<RecordedFile*>(file)->aux->file;
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
    auto* recorded = reinterpret_cast<RecordedFile*>(file);
    AuxTruth& aux = recorded->recorder->aux_;
    if (recorded->aux == nullptr) {
      aux.remove_all();
    } else {
      if (!recorded->aux->remove_at_close.empty()) aux.remove(recorded->aux->remove_at_close);
      delete recorded->aux;
    }
    return below(file)->pMethods->xClose(below(file));
  }
  static int read(sqlite3_file* file, void* out, int size_bytes, sqlite3_int64 offset_bytes) {
    const OutsideSqlite outside;
    RecorderVfs* recorder = recorder_of(file);
    if (recorder == nullptr) return read_aux(file, out, size_bytes, offset_bytes);
    recorder->before_read(offset_bytes);
    const int rc = below(file)->pMethods->xRead(below(file), out, size_bytes, offset_bytes);
    recorder->note_call("a read", rc);
    recorder->after_read(static_cast<const char*>(out), size_bytes, offset_bytes, rc);
    return rc;
  }
  static int read_aux(sqlite3_file* file, void* out, int size_bytes, sqlite3_int64 offset_bytes) {
    const int rc = below(file)->pMethods->xRead(below(file), out, size_bytes, offset_bytes);
    RecorderVfs& recorder = *reinterpret_cast<RecordedFile*>(file)->recorder;
    if ((rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ) && recorder.watching()) {
      aux_of(file).check_read(recorder.judge_, recorder.truth_, out,
                              static_cast<size_t>(size_bytes), static_cast<uint64_t>(offset_bytes),
                              rc != SQLITE_OK);
    }
    return rc;
  }
  static int write(sqlite3_file* file, const void* bytes, int size_bytes,
                   sqlite3_int64 offset_bytes) {
    const OutsideSqlite outside;
    RecorderVfs* recorder = recorder_of(file);
    if (recorder == nullptr) {
      const int written =
          below(file)->pMethods->xWrite(below(file), bytes, size_bytes, offset_bytes);
      if (written == SQLITE_OK)
        aux_of(file).write(bytes, static_cast<size_t>(size_bytes),
                           static_cast<uint64_t>(offset_bytes));
      return written;
    }
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
    if (recorder == nullptr) {
      if (rc == SQLITE_OK) aux_of(file).truncate(static_cast<uint64_t>(size_bytes));
      return rc;
    }
    recorder->note_call("a truncate", rc);
    if (rc == SQLITE_OK && recorder->watching()) {
      const auto pages = static_cast<uint32_t>((size_bytes + kPageSizeBytes - 1) / kPageSizeBytes);
      recorder->truth_.pending.truncate(pages);
      recorder->truth_.cached.cut(pages);
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
    RecorderVfs& recorder = *reinterpret_cast<RecordedFile*>(file)->recorder;
    if (rc != SQLITE_OK || !recorder.watching()) return rc;
    if (recorder_of(file) == nullptr) {
      aux_of(file).check_size(recorder.judge_, recorder.truth_, static_cast<uint64_t>(*size_bytes));
    } else if (recorder.truth_.attempt == Attempt::kNone) {
      check_file_size(recorder.judge_, recorder.truth_, *size_bytes);
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
    recorded->aux = nullptr;
    const int rc = recorder->below_->xOpen(recorder->below_, name, below(file), flags, out_flags);
    if (rc == SQLITE_OK && recorder->watching()) {
      check_opened_file(recorder->judge_, recorder->truth_, recorder->profile_, flags);
    }
    // SQLite closes what has methods, even after a failed open.
    file->pMethods = below(file)->pMethods != nullptr ? &kMethods : nullptr;
    if (file->pMethods != nullptr && (flags & SQLITE_OPEN_MAIN_DB) == 0) {
      const bool goes = name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
      recorded->aux = new AuxHandle{recorder->aux_.open(name), goes ? name : ""};
    }
    return rc;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    const OutsideSqlite outside;
    const int rc = below_of(vfs)->xDelete(below_of(vfs), name, sync_directory);
    auto* recorder = static_cast<RecorderVfs*>(vfs->pAppData);
    if (recorder->watching())
      recorder->aux_.check_exists(recorder->judge_, recorder->truth_, name, rc == SQLITE_OK);
    recorder->aux_.remove(name);
    return rc;
  }
  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    const OutsideSqlite outside;
    const int rc = below_of(vfs)->xAccess(below_of(vfs), name, flags, result);
    auto* recorder = static_cast<RecorderVfs*>(vfs->pAppData);
    if (rc == SQLITE_OK && recorder->watching() && name != recorder->database_name_)
      recorder->aux_.check_exists(recorder->judge_, recorder->truth_, name, *result != 0);
    return rc;
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
      batches_(batches),
      database_name_(database_name(truth_.actor)) {
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
  truth_.cached.open();
  // It then shows a page 1 of its own making.
  const bool fresh_page = profile == Profile::kOriginal && truth_.image->size_pages() == 0;
  if (fresh_page) truth_.pending.assume_fresh_page();
}

}  // namespace squall::sim
