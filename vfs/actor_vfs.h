// A sqlite3_vfs over one session of an actor: the main database is the actor's, read from and
// committed to the engine through the transport; every other file is a journal or temporary file in
// memory.
//
// One connection at a time, opened by Connection::open (connection.h). The VFS may be wrapped by
// another that delegates every method, custom file controls included. It stays alive until the
// connection is closed; pages that it still holds go back to the pool when it is destroyed.
//
//   xOpen       the main database by the actor's number in decimal, once at a time; any other name
//               for a database, and super-journals, are refused; so is a rollback journal in the
//               default profile
//   xShm*       absent (version 1 of the file methods): SQLite then has no WAL
//   xRandomness never waits: SQLite may hold a static mutex
//   xSleep, xCurrentTime  ask the runtime, whose clock counts from 1970
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "engine/page.h"
#include "engine/runtime.h"
#include "engine/transport.h"
#include "vfs/aux_files.h"
#include "vfs/database_file.h"
#include "vfs/options.h"
#include "vfs/session.h"

namespace squall {

// File controls of ours on the main database, for the probe of Connection::open. Arguments: none; a
// uint32_t* that takes how many batches SQLite tried to commit since the begin.
inline constexpr int kFcntlBeginProbe = 0x53510001;
inline constexpr int kFcntlEndProbe = 0x53510002;

class ActorVfs {
 public:
  // transport, runtime and pages outlive the VFS.
  ActorVfs(const VfsOptions& options, SessionStart start, Transport& transport, Runtime& runtime,
           PagePool& pages);
  ActorVfs(const ActorVfs&) = delete;
  ActorVfs& operator=(const ActorVfs&) = delete;
  ~ActorVfs();

  // Not registered with SQLite.
  sqlite3_vfs* sqlite_vfs() { return &vfs_; }

  ActorId actor() const { return actor_; }
  // After a failure whose outcome is not known, a fence, or corruption: nothing works any more but
  // closing.
  bool dead() const { return database_.dead(); }
  // Why the last call failed; empty when a commit has succeeded since.
  const std::string& last_error() const { return database_.last_error(); }
  const VfsStatistics& statistics() const { return database_.statistics(); }
  // Pages that the session holds.
  using MemoryUse = DatabaseFile::MemoryUse;
  MemoryUse memory_use() const { return database_.memory_use(); }
  // The engine's head as this session made it.
  HeadView head() const { return database_.head(); }

 private:
  friend struct ActorVfsMethods;

  const Profile profile_;
  const ActorId actor_;
  const std::string database_name_;
  Runtime& runtime_;
  DatabaseFile database_;
  AuxFiles aux_files_;
  bool database_open_ = false;
  sqlite3_vfs vfs_;
};

// The name by which SQLite opens the actor's database.
std::string database_name(ActorId actor);

}  // namespace squall
