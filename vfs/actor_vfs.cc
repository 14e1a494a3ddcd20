#include "vfs/actor_vfs.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "engine/assert.h"
#include "engine/planted.h"
#include "vfs/aux_handle.h"
#include "vfs/pragma_guard.h"

namespace squall {

namespace {

constexpr int kMaxPathBytes = 512;
constexpr int kSectorBytes = 4096;
constexpr int64_t kUnixEpochJulianMs =
    210'866'760'000'000;  // of 1970-01-01, in SQLite's Julian milliseconds

// The main database as SQLite holds it.
struct MainHandle {
  sqlite3_file base;
  ActorVfs* vfs;
};

}  // namespace

// What SQLite calls; each finds its object and hands on.
struct ActorVfsMethods {
  static ActorVfs& vfs_of(sqlite3_vfs* vfs) { return *static_cast<ActorVfs*>(vfs->pAppData); }
  static ActorVfs& vfs_of(sqlite3_file* file) { return *reinterpret_cast<MainHandle*>(file)->vfs; }
  static DatabaseFile& database_of(sqlite3_file* file) { return vfs_of(file).database_; }

  // --- the main database ---
  static int close(sqlite3_file* file) {
    ActorVfs& vfs = vfs_of(file);
    vfs.database_.discard_uncommitted();
    vfs.aux_files_.clear();
    vfs.database_open_ = false;
    return SQLITE_OK;
  }
  static int read(sqlite3_file* file, void* out, int size_bytes, sqlite3_int64 offset_bytes) {
    return database_of(file).read(static_cast<char*>(out), size_bytes, offset_bytes);
  }
  static int write(sqlite3_file* file, const void* bytes, int size_bytes,
                   sqlite3_int64 offset_bytes) {
    return database_of(file).write(static_cast<const char*>(bytes), size_bytes, offset_bytes);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size_bytes) {
    return database_of(file).truncate(size_bytes);
  }
  static int sync(sqlite3_file* file, int) { return database_of(file).sync(); }
  static int file_size(sqlite3_file* file, sqlite3_int64* size_bytes) {
    *size_bytes = database_of(file).size_bytes();
    return SQLITE_OK;
  }
  // The session is the only one that may write; a lock fails only so that a dead session serves
  // nothing.
  static int lock(sqlite3_file* file, int) {
    return database_of(file).dead() ? SQLITE_IOERR_LOCK : SQLITE_OK;
  }
  static int unlock(sqlite3_file*, int) { return SQLITE_OK; }
  static int check_reserved_lock(sqlite3_file*, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
  }
  static int file_control(sqlite3_file* file, int op, void* argument) {
    ActorVfs& vfs = vfs_of(file);
    switch (op) {
      case SQLITE_FCNTL_BEGIN_ATOMIC_WRITE: return vfs.database_.begin_atomic();
      case SQLITE_FCNTL_COMMIT_ATOMIC_WRITE: return vfs.database_.commit_atomic();
      case SQLITE_FCNTL_ROLLBACK_ATOMIC_WRITE: vfs.database_.rollback_atomic(); return SQLITE_OK;
      // The argument names the super-journal of a commit over several files.
      case SQLITE_FCNTL_SYNC: return argument == nullptr ? SQLITE_OK : SQLITE_ERROR;
      case SQLITE_FCNTL_COMMIT_PHASETWO:
      case SQLITE_FCNTL_SIZE_HINT: return SQLITE_OK;
      case SQLITE_FCNTL_PRAGMA: return guard(vfs, static_cast<char**>(argument));
      case kFcntlBeginProbe: vfs.database_.begin_probe(); return SQLITE_OK;
      case kFcntlEndProbe:
        *static_cast<uint32_t*>(argument) = vfs.database_.end_probe();
        return SQLITE_OK;
      default: return SQLITE_NOTFOUND;
    }
  }
  static int guard(ActorVfs& vfs, char** arguments) {
    const int rc = guard_pragma(vfs.profile_, arguments);
    if (rc == SQLITE_ERROR) probe(vfs.runtime_, Probe::kVfsRefusesPragma);
    return rc;
  }
  static int sector_size(sqlite3_file*) { return kSectorBytes; }
  static int device_characteristics(sqlite3_file* file) {
    return vfs_of(file).profile_ == Profile::kFallback ? 0 : SQLITE_IOCAP_BATCH_ATOMIC;
  }

  // --- the VFS ---
  static int open(sqlite3_vfs* base, sqlite3_filename name, sqlite3_file* file, int flags,
                  int* out_flags) {
    ActorVfs& vfs = vfs_of(base);
    file->pMethods = nullptr;
    if (flags & SQLITE_OPEN_MAIN_DB) {
      if (vfs.database_open_ || name == nullptr || name != vfs.database_name_)
        return SQLITE_CANTOPEN;
      static const sqlite3_io_methods kMethods = main_methods();
      new (file) MainHandle{{&kMethods}, &vfs};
      vfs.database_open_ = true;
    } else if (const int refused = open_aux(vfs, name, file, flags); refused != SQLITE_OK) {
      return refused;
    }
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }
  static int open_aux(ActorVfs& vfs, const char* name, sqlite3_file* file, int flags) {
    const int refused = planted(Defect::kWalAllowed) ? SQLITE_OPEN_SUPER_JOURNAL
                                                     : SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    if (flags & refused) return SQLITE_CANTOPEN;
    if (flags & SQLITE_OPEN_MAIN_JOURNAL) {
      ++vfs.database_.statistics().journal_opens;
      probe(vfs.runtime_, Probe::kVfsOpensJournal);
      if (vfs.profile_ == Profile::kDefault) {
        vfs.database_.die("SQLite opened a rollback journal", SQLITE_CANTOPEN);
        return SQLITE_CANTOPEN;
      }
    }
    const bool delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (name == nullptr) {
      if (!delete_on_close) return SQLITE_CANTOPEN;
      open_aux_handle(file, std::make_shared<AuxFile>(), nullptr, {});
    } else {
      open_aux_handle(file, vfs.aux_files_.open(name), delete_on_close ? &vfs.aux_files_ : nullptr,
                      name);
    }
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* base, const char* name, int) {
    return vfs_of(base).aux_files_.remove(name) ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
  }
  static int access(sqlite3_vfs* base, const char* name, int, int* result) {
    ActorVfs& vfs = vfs_of(base);
    *result = name == vfs.database_name_ || vfs.aux_files_.exists(name);
    return SQLITE_OK;
  }
  static int full_pathname(sqlite3_vfs*, const char* name, int out_bytes, char* out) {
    sqlite3_snprintf(out_bytes, out, "%s", name);
    return std::strlen(name) < static_cast<size_t>(out_bytes) ? SQLITE_OK : SQLITE_CANTOPEN;
  }
  static int randomness(sqlite3_vfs* base, int size_bytes, char* out) {
    for (int filled = 0; filled < size_bytes;) {
      const uint64_t word = vfs_of(base).runtime_.random();
      const int part = std::min<int>(size_bytes - filled, sizeof word);
      std::memcpy(out + filled, &word, static_cast<size_t>(part));
      filled += part;
    }
    return size_bytes;
  }
  static int sleep(sqlite3_vfs* base, int microseconds) {
    vfs_of(base).runtime_.sleep_us(microseconds);
    return microseconds;
  }
  static int current_time_ms(sqlite3_vfs* base, sqlite3_int64* julian_ms) {
    *julian_ms = kUnixEpochJulianMs + vfs_of(base).runtime_.wall_us() / 1000;
    return SQLITE_OK;
  }
  static int current_time(sqlite3_vfs* base, double* julian_days) {
    sqlite3_int64 julian_ms = 0;
    current_time_ms(base, &julian_ms);
    *julian_days = static_cast<double>(julian_ms) / 86'400'000.0;
    return SQLITE_OK;
  }
  static int get_last_error(sqlite3_vfs* base, int out_bytes, char* out) {
    if (out != nullptr) sqlite3_snprintf(out_bytes, out, "%s", vfs_of(base).last_error().c_str());
    return 0;
  }

  static sqlite3_io_methods main_methods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;
    methods.xClose = close;
    methods.xRead = read;
    methods.xWrite = write;
    methods.xTruncate = truncate;
    methods.xSync = sync;
    methods.xFileSize = file_size;
    methods.xLock = lock;
    methods.xUnlock = unlock;
    methods.xCheckReservedLock = check_reserved_lock;
    methods.xFileControl = file_control;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = device_characteristics;
    return methods;
  }
  static sqlite3_vfs vfs_methods(ActorVfs* self) {
    sqlite3_vfs vfs{};
    vfs.iVersion = 2;
    vfs.szOsFile = std::max<int>(sizeof(MainHandle), aux_handle_bytes());
    vfs.mxPathname = kMaxPathBytes;
    vfs.zName = "squall-actor";
    vfs.pAppData = self;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_pathname;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep;
    vfs.xCurrentTime = current_time;
    vfs.xGetLastError = get_last_error;
    vfs.xCurrentTimeInt64 = current_time_ms;
    return vfs;
  }
};

ActorVfs::ActorVfs(const VfsOptions& options, SessionStart start, Transport& transport,
                   Runtime& runtime, PagePool& pages)
    : profile_(options.profile),
      actor_(start.actor),
      database_name_(database_name(start.actor)),
      runtime_(runtime),
      database_(options, std::move(start), transport, runtime, pages),
      vfs_(ActorVfsMethods::vfs_methods(this)) {}

ActorVfs::~ActorVfs() { SQUALL_ASSERT(!database_open_); }

std::string database_name(ActorId actor) { return std::to_string(actor); }

}  // namespace squall
