// SQLite's memory, which can run out for one connection and for nobody else.
//
// All SQLites of a run (the product's, the twins, the oracle's own) share one allocator. Its hook
// looks at one connection's limit only while code of that connection runs: inside an InsideSqlite,
// but not below an OutsideSqlite, which every call out of SQLite into the VFS opens. So whatever
// waits there finds no limit in force, and whoever runs meanwhile meets none.
#pragma once

#include <cstdint>
#include <utility>

namespace squall::sim {

// Takes the place of SQLite's allocator, once in a process and while no connection is open.
void hook_sqlite_memory();

// Which allocation of a connection fails.
class AllocationLimit {
 public:
  // The nth from now on (1: the next); 0: none.
  void fail_nth(uint64_t nth) { left_ = nth; }
  // Whether one has failed since the last call.
  bool take_failed() { return std::exchange(failed_, false); }
  // An allocation is asked for: whether it fails.
  bool refuses() {
    if (left_ == 0 || --left_ > 0) return false;
    failed_ = true;
    return true;
  }

 private:
  uint64_t left_ = 0;
  bool failed_ = false;
};

namespace internal {
extern AllocationLimit* limit_in_force;
}

// Code of the connection runs until the end of the scope. Null: its memory never runs out, and its
// calls into the VFS need no OutsideSqlite.
class InsideSqlite {
 public:
  explicit InsideSqlite(AllocationLimit* limit);
  ~InsideSqlite() {
    if (limited_) internal::limit_in_force = nullptr;
  }
  InsideSqlite(const InsideSqlite&) = delete;
  InsideSqlite& operator=(const InsideSqlite&) = delete;

 private:
  const bool limited_;
};

// Something else runs until the end of the scope.
class OutsideSqlite {
 public:
  OutsideSqlite() : limit_(std::exchange(internal::limit_in_force, nullptr)) {}
  ~OutsideSqlite() { internal::limit_in_force = limit_; }
  OutsideSqlite(const OutsideSqlite&) = delete;
  OutsideSqlite& operator=(const OutsideSqlite&) = delete;

 private:
  AllocationLimit* const limit_;
};

}  // namespace squall::sim
