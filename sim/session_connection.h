// The product's side of a session: takeover, VFS and connection, with the workload's statements
// prepared on it.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/oracle/recorder_vfs.h"
#include "sim/session.h"
#include "sim/session_random.h"
#include "sim/session_statements.h"
#include "sim/sqlite_memory.h"
#include "vfs/actor_vfs.h"
#include "vfs/connection.h"

namespace squall::sim {

class SessionWatch;

class SessionConnection {
 public:
  // Takes the actor over and opens it, without batches where SQLite has none. watch: null when
  // nobody looks. The environment outlives the connection.
  static Result<std::unique_ptr<SessionConnection>> open(const SessionEnvironment& environment,
                                                         Transport& transport, SessionWatch* watch);
  ~SessionConnection();
  SessionConnection(const SessionConnection&) = delete;
  SessionConnection& operator=(const SessionConnection&) = delete;

  // Keys the statement's draws; stops SQL's clock (only where somebody looks).
  void begin_statement(uint64_t key, int64_t wall_us);
  // Of the statements from now on the nth allocation fails (1: the first).
  void fail_allocation(uint64_t nth) { memory_.fail_nth(nth); }
  // Whether an allocation has failed since the last call.
  bool ran_out_of_memory() { return memory_.take_failed(); }
  StatementResult run(const Statement& statement, std::span<const std::string> bytes);
  int run_fixed(FixedStatement which);
  // These find all the memory that they want.
  StatementRunner& statements() { return *statements_; }
  bool dead() const { return vfs_.dead(); }
  const std::string& last_error() const { return vfs_.last_error(); }
  ActorVfs::MemoryUse memory_use() const { return vfs_.memory_use(); }
  bool in_transaction() const { return sqlite3_get_autocommit(connection_->db()) == 0; }

 private:
  SessionConnection(Profile profile, const SessionEnvironment& environment, SessionStart start,
                    Transport& transport);
  static Result<std::unique_ptr<SessionConnection>> open_as(Profile profile,
                                                            const SessionEnvironment& environment,
                                                            const SessionStart& start,
                                                            Transport& transport,
                                                            SessionWatch* watch);

  Result<std::unique_ptr<squall::Connection>> open_connection(sqlite3_vfs* vfs, ActorId actor,
                                                              ConnectionOptions options);

  // Only a recorder tells SQLite's code from what runs below it.
  AllocationLimit* limit() { return recorder_ ? &memory_ : nullptr; }

  KeyedRandom random_;
  ActorVfs vfs_;
  std::unique_ptr<RecorderVfs> recorder_;
  std::unique_ptr<squall::Connection> connection_;  // to SQLite; sim::Connection is a host's
  std::unique_ptr<StatementRunner> statements_;
  AllocationLimit memory_;
};

}  // namespace squall::sim
