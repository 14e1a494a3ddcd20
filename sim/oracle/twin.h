// The native SQLite that runs the same statements: the truth about rows. One connection on a
// database in memory that belongs to one session. Its committed content can be read while a
// transaction is open, so that the next session's twin is forked from it at any time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/oracle/twin_vfs.h"
#include "sim/session_random.h"
#include "sim/session_statements.h"
#include "sim/workload.h"

struct sqlite3;

namespace squall::sim {

class Twin {
 public:
  // An empty database. workload outlives the twin.
  explicit Twin(const Workload& workload) : Twin(workload, {}) {}
  // A copy of what the other has committed.
  Twin(const Workload& workload, const Twin& forked_from)
      : Twin(workload, forked_from.committed()) {}
  ~Twin();
  Twin(const Twin&) = delete;
  Twin& operator=(const Twin&) = delete;

  // The database file as last committed; valid until the next call.
  std::span<const unsigned char> committed() const;

  bool in_transaction() const;
  // SQLite codes.
  int begin();
  int commit();
  void rollback();
  int vacuum();
  bool has_temporary_tables() const;

  StatementRunner& statements() { return *statements_; }
  KeyedRandom& random() { return random_; }
  sqlite3* database() const { return database_; }
  // What the clock shows from now on, in microseconds.
  void set_time_us(int64_t time_us) { vfs_.set_time_us(time_us); }

 private:
  Twin(const Workload& workload, std::span<const unsigned char> content);

  TwinVfs vfs_;
  KeyedRandom random_;
  sqlite3* database_ = nullptr;
  std::unique_ptr<StatementRunner> statements_;
};

}  // namespace squall::sim
