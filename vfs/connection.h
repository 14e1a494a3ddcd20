// A SQLite connection to an actor's database, opened the right way: the profile's pragmas, limits
// that bound the stack, random() and randomblob() from the caller, and a probe that SQLite commits
// by atomic batches.
//
// The VFS is registered with SQLite only while the connection opens. Afterwards its name stands for
// an empty VFS that opens nothing: VACUUM and ATTACH ':memory:' work, ATTACH of a file fails, and
// thousands of sessions cost SQLite's list nothing.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "engine/messages.h"
#include "engine/result.h"
#include "vfs/options.h"

namespace squall {

struct ConnectionOptions {
  Profile profile = Profile::kDefault;  // the VFS's
  uint32_t sqlite_cache_pages = 200;
  // Fills bytes for random() and randomblob(); must not wait. Empty: SQLite's own generator, which
  // all connections of the process share.
  std::function<void(char* bytes, size_t size_bytes)> random_bytes;
};

class Connection {
 public:
  // Opens the actor's database on vfs, an ActorVfs's or one that wraps it; its zName is
  // overwritten. The VFS outlives the connection. Costs no engine commit, and no fetch where page 1
  // was preloaded and the schema fits it. kUnavailable: SQLite could not open or read it;
  // kInvalidRequest: SQLite would not commit by atomic batches.
  static Result<std::unique_ptr<Connection>> open(sqlite3_vfs* vfs, ActorId actor,
                                                  ConnectionOptions options);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  // Rolls back an open transaction. All statements have been finalized.
  ~Connection();

  sqlite3* db() { return db_; }

 private:
  explicit Connection(ConnectionOptions options) : options_(std::move(options)) {}
  Result<void> open_database(sqlite3_vfs* vfs, ActorId actor);
  Result<void> configure();
  Result<void> probe_batches();
  Result<void> execute(const char* sql);
  static void sql_random(sqlite3_context* context, int, sqlite3_value**);
  static void sql_randomblob(sqlite3_context* context, int, sqlite3_value** arguments);

  const ConnectionOptions options_;
  sqlite3* db_ = nullptr;
};

}  // namespace squall
