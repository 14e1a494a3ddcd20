// A thin VFS between SQLite and the product's. It hands every call on, records what SQLite writes
// to the database, holds every byte that SQLite reads against it, and knows which calls may commit
// what is pending: COMMIT_ATOMIC, and a sync of the database outside a batch. What it sees is the
// truth about pages.
//
// It judges by page hashes; of page 1 it keeps the header as well, and of the first pages of a
// transaction the bytes, for messages. Of journals and temporary files it keeps a copy. Nothing
// that fails is recorded, and nothing at all once the process is dead.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <string>

#include "sim/oracle/aux_truth.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/oracle.h"
#include "sim/oracle/page_blame.h"
#include "sim/oracle/session_truth.h"
#include "vfs/options.h"

namespace squall::sim {

class RecorderVfs {
 public:
  // Whether SQLite is to know batch-atomic writes, or to be as one built without them.
  enum class Batches : uint8_t { kKnown, kHidden };

  // None is owned; all outlive the recorder, and the recorder its connection. profile: of the VFS
  // below.
  RecorderVfs(sqlite3_vfs* below, const SessionLink& link, PagePool& pool,
              const std::function<bool()>& process_dead, Profile profile, Batches batches);
  RecorderVfs(const RecorderVfs&) = delete;
  RecorderVfs& operator=(const RecorderVfs&) = delete;

  sqlite3_vfs* sqlite_vfs() { return &vfs_; }
  // What the clock shows to SQL from now on, in microseconds.
  void set_time_us(int64_t time_us) { time_us_ = time_us; }

 private:
  friend struct RecorderMethods;

  bool watching() const { return !truth_.ended && !judge_.silent() && !process_dead_(); }
  void before_read(int64_t offset_bytes);
  void after_read(const char* bytes, int size_bytes, int64_t offset_bytes, int rc);
  void after_write(const char* bytes, int size_bytes, int64_t offset_bytes);
  int commit_atomic(sqlite3_file* below);
  int sync(sqlite3_file* below, int flags);
  void begin_attempt();
  void end_attempt(int rc, std::string_view site);
  void count_acked();
  // A call on the database came back: one that has failed for good was the last to do anything.
  void note_call(std::string_view call, int rc);
  void check_error_text(bool refused);

  sqlite3_vfs vfs_{};
  sqlite3_vfs* const below_;
  const ActorTruth& actor_;
  SessionTruth& truth_;
  Judge& judge_;
  PageBlame& blame_;
  PagePool& pool_;
  const std::function<bool()>& process_dead_;
  int64_t time_us_ = 0;
  PendingWrites before_batch_;
  const Profile profile_;
  const Batches batches_;
  bool in_batch_ = false;
  bool failed_ = false;  // a call ended in an I/O error
  const std::string database_name_;
  AuxTruth aux_;
};

}  // namespace squall::sim
