#include "vfs/connection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/assert.h"
#include "engine/planted.h"
#include "vfs/actor_vfs.h"
#include "vfs/pragma_guard.h"

namespace squall {

namespace {

constexpr char kVfsName[] = "squall";
constexpr int kMaxExpressionDepth = 100;  // 53 KiB of stack; 900 levels take 481 KiB
constexpr int kMaxCompoundSelect = 50;

// What SQLite finds under kVfsName while no connection is being opened. VACUUM attaches an
// in-memory database and asks it only how large its files would be.
void register_empty_vfs() {
  if (sqlite3_vfs_find(kVfsName) != nullptr) return;
  static sqlite3_vfs empty{};
  empty.iVersion = 1;
  empty.szOsFile = sizeof(sqlite3_file);
  empty.mxPathname = 512;
  empty.zName = kVfsName;
  empty.xOpen = [](sqlite3_vfs*, sqlite3_filename, sqlite3_file* file, int, int*) {
    file->pMethods = nullptr;
    return SQLITE_CANTOPEN;
  };
  empty.xFullPathname = [](sqlite3_vfs*, const char*, int, char*) { return SQLITE_CANTOPEN; };
  sqlite3_vfs_register(&empty, 0);
}

Failure sqlite_failure(sqlite3* db, const char* what) {
  return fail(ErrorCode::kUnavailable,
              std::string(what) + ": " + (db ? sqlite3_errmsg(db) : "out of memory"));
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(sqlite3_vfs* vfs, ActorId actor,
                                                     ConnectionOptions options) {
  std::unique_ptr<Connection> connection(new Connection(std::move(options)));
  if (Result<void> opened = connection->open_database(vfs, actor); !opened)
    return Failure(opened.error());
  if (Result<void> configured = connection->configure(); !configured)
    return Failure(configured.error());
  return connection;
}

Connection::~Connection() {
  if (planted(Defect::kCloseCommitsOpenTransaction) && sqlite3_get_autocommit(db_) == 0) {
    sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr);
  }
  const int rc = sqlite3_close(db_);
  SQUALL_ASSERT(rc == SQLITE_OK);
}

Result<void> Connection::open_database(sqlite3_vfs* vfs, ActorId actor) {
  register_empty_vfs();
  vfs->zName = kVfsName;
  // SQLite searches its list from the front and puts a newcomer before what was added earlier.
  sqlite3_vfs_register(vfs, 0);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
  const int rc = sqlite3_open_v2(database_name(actor).c_str(), &db_, flags, kVfsName);
  sqlite3_vfs_unregister(vfs);
  if (rc != SQLITE_OK) return sqlite_failure(db_, "opening the database");
  return {};
}

Result<void> Connection::configure() {
  sqlite3_limit(db_, SQLITE_LIMIT_EXPR_DEPTH, kMaxExpressionDepth);
  sqlite3_limit(db_, SQLITE_LIMIT_COMPOUND_SELECT, kMaxCompoundSelect);
  if (options_.random_bytes) {
    sqlite3_create_function_v2(db_, "random", 0, SQLITE_UTF8, this, sql_random, nullptr, nullptr,
                               nullptr);
    sqlite3_create_function_v2(db_, "randomblob", 1, SQLITE_UTF8, this, sql_randomblob, nullptr,
                               nullptr, nullptr);
  }
  std::string sql = "PRAGMA locking_mode=EXCLUSIVE;PRAGMA journal_mode=";
  sql += journal_mode_of(options_.profile);
  sql +=
      ";PRAGMA synchronous=NORMAL;PRAGMA cache_size=" + std::to_string(options_.sqlite_cache_pages);
  // Under EXCLUSIVE locking SQLite keeps its journal file and only wipes the first header. Rolling
  // back a spilled transaction whose last sync was refused, it would take an older transaction's
  // header behind its own for one of its own (pager_playback trusts the place, not the magic).
  sql += ";PRAGMA journal_size_limit=0";
  if (options_.profile == Profile::kDefault) sql += ";PRAGMA cache_spill=OFF";
  if (Result<void> done = execute(sql.c_str()); !done) return done;
  const bool needs_batches = options_.profile != Profile::kFallback;
  return needs_batches && !planted(Defect::kNoBatchProbe) ? probe_batches() : Result<void>();
}

// Commits a change that the VFS refuses before it reaches the engine, and looks which way it came.
Result<void> Connection::probe_batches() {
  sqlite3_file_control(db_, "main", kFcntlBeginProbe, nullptr);
  const int rc = sqlite3_exec(db_, "PRAGMA user_version=0", nullptr, nullptr, nullptr);
  const std::string message = sqlite3_errmsg(db_);
  uint32_t batches = 0;
  sqlite3_file_control(db_, "main", kFcntlEndProbe, &batches);
  if (batches == 1 && rc == SQLITE_FULL) return {};
  // Neither says anything about batches.
  const bool failed = (rc & 0xFF) == SQLITE_NOMEM || ((rc & 0xFF) == SQLITE_IOERR && batches == 0);
  if (failed) return fail(ErrorCode::kUnavailable, "probing: " + message);
  return fail(ErrorCode::kInvalidRequest, "SQLite does not commit by atomic batches");
}

Result<void> Connection::execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return sqlite_failure(db_, sql);
}

void Connection::sql_random(sqlite3_context* context, int, sqlite3_value**) {
  auto* self = static_cast<Connection*>(sqlite3_user_data(context));
  sqlite3_int64 value = 0;
  self->options_.random_bytes(reinterpret_cast<char*>(&value), sizeof value);
  sqlite3_result_int64(context, value);
}

void Connection::sql_randomblob(sqlite3_context* context, int, sqlite3_value** arguments) {
  auto* self = static_cast<Connection*>(sqlite3_user_data(context));
  const sqlite3_int64 size_bytes = std::max<sqlite3_int64>(1, sqlite3_value_int64(arguments[0]));
  if (size_bytes > sqlite3_limit(self->db_, SQLITE_LIMIT_LENGTH, -1)) {
    sqlite3_result_error_toobig(context);
    return;
  }
  auto* bytes = static_cast<char*>(sqlite3_malloc64(static_cast<sqlite3_uint64>(size_bytes)));
  if (bytes == nullptr) {
    sqlite3_result_error_nomem(context);
    return;
  }
  self->options_.random_bytes(bytes, static_cast<size_t>(size_bytes));
  sqlite3_result_blob64(context, bytes, static_cast<sqlite3_uint64>(size_bytes), sqlite3_free);
}

}  // namespace squall
