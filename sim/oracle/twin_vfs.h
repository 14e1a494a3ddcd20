// The operating system that a twin sees: a clock that stands where it was set, and no files at all.
#pragma once

#include <sqlite3.h>

#include <cstdint>

namespace squall::sim {

class TwinVfs {
 public:
  TwinVfs();
  TwinVfs(const TwinVfs&) = delete;
  TwinVfs& operator=(const TwinVfs&) = delete;

  sqlite3_vfs* sqlite_vfs() { return &vfs_; }
  void set_time_us(int64_t time_us) { time_us_ = time_us; }
  int64_t time_us() const { return time_us_; }

 private:
  sqlite3_vfs vfs_{};
  int64_t time_us_ = 0;
};

// SQLite's measure of time, milliseconds of the Julian calendar, of microseconds since 1970.
sqlite3_int64 julian_ms(int64_t time_us);

}  // namespace squall::sim
