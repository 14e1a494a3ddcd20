#include "sim/oracle/twin.h"

#include <sqlite3.h>

#include <cstring>

#include "engine/assert.h"

namespace squall::sim {
namespace {

// The twin's memory is the database itself; its page cache only holds what a transaction dirties.
constexpr char kSettings[] =
    "PRAGMA cache_spill=OFF; PRAGMA cache_size=16; PRAGMA synchronous=OFF; PRAGMA "
    "locking_mode=EXCLUSIVE;";

sqlite3* open_in_memory(sqlite3_vfs* vfs) {
  // SQLite keeps the pointer: the name is needed only while it opens.
  sqlite3* database = nullptr;
  SQUALL_ASSERT(sqlite3_vfs_register(vfs, 0) == SQLITE_OK);
  const int rc = sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                 vfs->zName);
  sqlite3_vfs_unregister(vfs);
  SQUALL_ASSERT(rc == SQLITE_OK);
  // VACUUM attaches a database in memory and looks its VFS up by the name of the main one.
  vfs->zName = "memdb";
  return database;
}

// A database in memory whose file holds what was committed, and nothing else, at any time.
void load(sqlite3* database, std::span<const unsigned char> content) {
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(content.empty() ? 1 : content.size()));
  SQUALL_ASSERT(copy != nullptr);
  if (!content.empty()) std::memcpy(copy, content.data(), content.size());
  const auto size = static_cast<sqlite3_int64>(content.size());
  const int rc =
      sqlite3_deserialize(database, "main", copy, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  SQUALL_ASSERT(rc == SQLITE_OK);
}

}  // namespace

Twin::Twin(const Workload& workload, std::span<const unsigned char> content) {
  database_ = open_in_memory(vfs_.sqlite_vfs());
  load(database_, content);
  sqlite3_extended_result_codes(database_, 1);
  sqlite3_limit(database_, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_limit(database_, SQLITE_LIMIT_COMPOUND_SELECT, 50);
  const int rc = sqlite3_exec(database_, kSettings, nullptr, nullptr, nullptr);
  SQUALL_ASSERT(rc == SQLITE_OK);
  random_.install(database_);
  statements_ = std::make_unique<StatementRunner>(database_, workload);
}

Twin::~Twin() {
  statements_.reset();
  sqlite3_close_v2(database_);
}

std::span<const unsigned char> Twin::committed() const {
  sqlite3_int64 size = 0;
  const unsigned char* bytes = sqlite3_serialize(database_, "main", &size, SQLITE_SERIALIZE_NOCOPY);
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(size)};
}

bool Twin::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

int Twin::begin() { return statements_->run_fixed(FixedStatement::kBegin); }

int Twin::commit() { return statements_->run_fixed(FixedStatement::kCommit); }

void Twin::rollback() {
  if (in_transaction()) statements_->run_fixed(FixedStatement::kRollback);
}

bool Twin::has_temporary_tables() const {
  bool any = false;
  const auto row = [](void* found, int, char**, char**) {
    *static_cast<bool*>(found) = true;
    return 0;
  };
  sqlite3_exec(database_, "SELECT 1 FROM temp.sqlite_schema LIMIT 1", row, &any, nullptr);
  return any;
}

int Twin::vacuum() { return sqlite3_exec(database_, "VACUUM", nullptr, nullptr, nullptr); }

}  // namespace squall::sim
