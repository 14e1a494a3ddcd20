#include "sim/commands/bench_bare_vfs.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "engine/assert.h"

namespace squall::commands {
namespace {

constexpr uint64_t kPageBytes = 4096;
constexpr const char* kName = "squall-bare";

struct BareFile {
  sqlite3_file base;
  BareVfs::Database* database;
  uint64_t* atomic_commits;
};

BareFile& self(sqlite3_file* file) { return *reinterpret_cast<BareFile*>(file); }

char* page_at(BareVfs::Database& database, uint64_t index) {
  while (database.pages.size() <= index)
    database.pages.push_back(std::make_unique<char[]>(kPageBytes));
  return database.pages[index].get();
}

int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  BareVfs::Database& database = *self(file).database;
  const auto start = static_cast<uint64_t>(offset);
  const auto length = static_cast<uint64_t>(size);
  if (start + length > database.size_bytes) {
    std::memset(out, 0, length);
    return SQLITE_IOERR_SHORT_READ;
  }
  std::memcpy(out, page_at(database, start / kPageBytes) + start % kPageBytes, length);
  return SQLITE_OK;
}

// SQLite writes whole pages.
int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  BareVfs::Database& database = *self(file).database;
  const auto start = static_cast<uint64_t>(offset);
  SQUALL_ASSERT(start % kPageBytes == 0 && size == static_cast<int>(kPageBytes));
  std::memcpy(page_at(database, start / kPageBytes), data, kPageBytes);
  database.size_bytes = std::max(database.size_bytes, start + kPageBytes);
  return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  self(file).database->size_bytes = static_cast<uint64_t>(size);
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(self(file).database->size_bytes);
  return SQLITE_OK;
}

int file_control(sqlite3_file* file, int operation, void*) {
  switch (operation) {
    case SQLITE_FCNTL_COMMIT_ATOMIC_WRITE: ++*self(file).atomic_commits; return SQLITE_OK;
    case SQLITE_FCNTL_BEGIN_ATOMIC_WRITE: return SQLITE_OK;
    default: return SQLITE_NOTFOUND;
  }
}

int close_file(sqlite3_file*) { return SQLITE_OK; }
int sync_file(sqlite3_file*, int) { return SQLITE_OK; }
int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int check_lock(sqlite3_file*, int* out) {
  *out = 0;
  return SQLITE_OK;
}
int sector_size(sqlite3_file*) { return kPageBytes; }
int device_characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_ATOMIC | SQLITE_IOCAP_BATCH_ATOMIC | SQLITE_IOCAP_POWERSAFE_OVERWRITE |
         SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = lock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int delete_file(sqlite3_vfs*, const char*, int) { return SQLITE_OK; }

int access_file(sqlite3_vfs*, const char*, int, int* out) {
  *out = 0;
  return SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int random_bytes(sqlite3_vfs*, int size, char* out) {
  std::memset(out, 7, static_cast<size_t>(size));
  return size;
}

int current_time(sqlite3_vfs*, sqlite3_int64* out) {
  *out = 0;
  return SQLITE_OK;
}

}  // namespace

struct BareVfsMethods {
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                  int* out_flags) {
    auto* bare = static_cast<BareVfs*>(vfs->pAppData);
    file->pMethods = nullptr;
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
    BareFile& opened = self(file);
    opened.database = &bare->databases_[name];
    opened.atomic_commits = &bare->atomic_commits_;
    opened.base.pMethods = &kMethods;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }
};

BareVfs::BareVfs() {
  vfs_.iVersion = 2;
  vfs_.szOsFile = sizeof(BareFile);
  vfs_.mxPathname = 64;
  vfs_.zName = kName;
  vfs_.pAppData = this;
  vfs_.xOpen = BareVfsMethods::open;
  vfs_.xDelete = delete_file;
  vfs_.xAccess = access_file;
  vfs_.xFullPathname = full_pathname;
  vfs_.xRandomness = random_bytes;
  vfs_.xCurrentTimeInt64 = current_time;
  sqlite3_vfs_register(&vfs_, 0);
}

BareVfs::~BareVfs() { sqlite3_vfs_unregister(&vfs_); }

sqlite3* BareVfs::open(const std::string& name, int cache_pages) {
  sqlite3* db = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int rc = sqlite3_open_v2(name.c_str(), &db, kFlags, kName);
  SQUALL_ASSERT(rc == SQLITE_OK);
  const std::string pragmas = fmt::format(
      "PRAGMA locking_mode=EXCLUSIVE;PRAGMA journal_mode=MEMORY;PRAGMA synchronous=NORMAL;"
      "PRAGMA cache_size={};PRAGMA cache_spill=OFF",
      cache_pages);
  rc = sqlite3_exec(db, pragmas.c_str(), nullptr, nullptr, nullptr);
  SQUALL_ASSERT(rc == SQLITE_OK);
  return db;
}

}  // namespace squall::commands
