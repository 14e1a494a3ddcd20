// The whole-content half of sql-twin: two databases have the same schema and the same rows.
#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/oracle/sql_twin.h"

namespace squall::sim {
namespace {

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, Finalizer>;

constexpr char kSchema[] =
    "SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY type, name";
// Virtual tables are compared by their shadow tables.
constexpr char kTables[] =
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
    "ORDER BY name";

StatementHandle prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr);
  return StatementHandle(statement);
}

// The first row, from 1, in which the two results differ; 0: in none.
uint64_t first_difference(sqlite3* twin, sqlite3* stored, const std::string& sql) {
  const StatementHandle left = prepare(twin, sql);
  const StatementHandle right = prepare(stored, sql);
  if (!left || !right) return left || right ? 1 : 0;
  for (uint64_t row = 1;; ++row) {
    const int code = sqlite3_step(left.get());
    if (sqlite3_step(right.get()) != code) return row;
    if (code != SQLITE_ROW) return code == SQLITE_DONE ? 0 : row;
    if (digest_row(left.get(), 0) != digest_row(right.get(), 0)) return row;
  }
}

std::vector<std::string> table_names(sqlite3* database) {
  std::vector<std::string> names;
  const StatementHandle statement = prepare(database, kTables);
  while (statement && sqlite3_step(statement.get()) == SQLITE_ROW) {
    names.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0)));
  }
  return names;
}

std::string quoted(const std::string& name) {
  std::string result = "\"";
  for (const char c : name) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

}  // namespace

bool check_same_content(Judge& judge, ActorId actor, uint64_t head_txid, sqlite3* twin,
                        sqlite3* stored) {
  const auto same = [&](const std::string& sql, const std::string& what) {
    const uint64_t row = first_difference(twin, stored, sql);
    return judge.expect(row == 0, Invariant::kSqlTwin, "content", [&] {
      return fmt::format(
          "actor {} at head {}: the stored database and a native SQLite that ran the same "
          "statements "
          "differ in {}, row {}",
          actor, head_txid, what, row);
    });
  };
  if (!same(kSchema, "the schema")) return false;
  for (const std::string& table : table_names(twin)) {
    if (!same("SELECT * FROM main." + quoted(table) + " NOT INDEXED", "table " + table))
      return false;
  }
  return true;
}

}  // namespace squall::sim
