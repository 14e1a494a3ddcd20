#include "sim/oracle/sqlite_integrity.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "engine/assert.h"

namespace squall::sim {
namespace {

// "ok", or what is wrong.
std::string integrity_report(sqlite3* connection) {
  sqlite3_stmt* statement = nullptr;
  std::string report;
  if (sqlite3_prepare_v2(connection, "PRAGMA main.integrity_check(3)", -1, &statement, nullptr) ==
      SQLITE_OK) {
    while (sqlite3_step(statement) == SQLITE_ROW) {
      if (!report.empty()) report += "; ";
      report += reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    }
  }
  sqlite3_finalize(statement);
  return report.empty() ? sqlite3_errmsg(connection) : report;
}

}  // namespace

IntegrityChecker::IntegrityChecker() {
  const int rc = sqlite3_open_v2(":memory:", &connection_, SQLITE_OPEN_READWRITE, "memdb");
  SQUALL_ASSERT(rc == SQLITE_OK);
}

IntegrityChecker::~IntegrityChecker() { sqlite3_close_v2(connection_); }

bool IntegrityChecker::check(Judge& judge, ActorId actor, uint64_t head_txid,
                             std::span<unsigned char> database) {
  const auto size = static_cast<sqlite3_int64>(database.size());
  const int rc = sqlite3_deserialize(connection_, "main", database.data(), size, size,
                                     SQLITE_DESERIALIZE_READONLY);
  SQUALL_ASSERT(rc == SQLITE_OK);
  const std::string report = integrity_report(connection_);
  return judge.expect(report == "ok", Invariant::kSqliteIntegrity, "stored", [&] {
    return fmt::format("actor {} at head {}: integrity_check of the stored database: {}", actor,
                       head_txid, report);
  });
}

}  // namespace squall::sim
