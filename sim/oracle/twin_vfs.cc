#include "sim/oracle/twin_vfs.h"

#include <cstdio>
#include <cstring>

namespace squall::sim {
namespace {

constexpr int kMaxPathBytes = 64;

int refuse_open(sqlite3_vfs*, const char*, sqlite3_file* file, int, int*) {
  file->pMethods = nullptr;
  return SQLITE_CANTOPEN;
}
int refuse_delete(sqlite3_vfs*, const char*, int) { return SQLITE_IOERR_DELETE_NOENT; }
int find_nothing(sqlite3_vfs*, const char*, int, int* found) {
  *found = 0;
  return SQLITE_OK;
}
int same_path(sqlite3_vfs*, const char* name, int size, char* out) {
  std::snprintf(out, static_cast<size_t>(size), "%s", name);
  return SQLITE_OK;
}
int no_randomness(sqlite3_vfs*, int size, char* out) {
  std::memset(out, 0, static_cast<size_t>(size));
  return size;
}
int no_sleep(sqlite3_vfs*, int) { return 0; }
int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
  *out = julian_ms(static_cast<TwinVfs*>(vfs->pAppData)->time_us());
  return SQLITE_OK;
}
int current_time(sqlite3_vfs* vfs, double* out) {
  sqlite3_int64 ms = 0;
  const int rc = current_time_ms(vfs, &ms);
  *out = static_cast<double>(ms) / 86'400'000.0;
  return rc;
}

}  // namespace

sqlite3_int64 julian_ms(int64_t time_us) {
  constexpr sqlite3_int64 kUnixEpochMs = 210'866'760'000'000;
  return kUnixEpochMs + time_us / 1000;
}

TwinVfs::TwinVfs() {
  vfs_.iVersion = 2;
  vfs_.szOsFile = sizeof(sqlite3_file);
  vfs_.mxPathname = kMaxPathBytes;
  vfs_.zName = "squall-twin";
  vfs_.pAppData = this;
  vfs_.xOpen = refuse_open;
  vfs_.xDelete = refuse_delete;
  vfs_.xAccess = find_nothing;
  vfs_.xFullPathname = same_path;
  vfs_.xRandomness = no_randomness;
  vfs_.xSleep = no_sleep;
  vfs_.xCurrentTime = current_time;
  vfs_.xCurrentTimeInt64 = current_time_ms;
}

}  // namespace squall::sim
