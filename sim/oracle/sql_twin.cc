#include "sim/oracle/sql_twin.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <vector>

namespace squall::sim {
namespace {

constexpr auto kTwin = Invariant::kSqlTwin;

std::string describe(const StatementResult& result) {
  return fmt::format("{} ({}), {} rows with digest {:016x}, {} changes, last row id {}",
                     result.code, sqlite3_errstr(result.code), result.rows, result.digest,
                     result.changes, result.last_insert_rowid);
}

std::string shortened(std::string_view sql) {
  constexpr size_t kShown = 120;
  return sql.size() <= kShown ? std::string(sql) : fmt::format("{}…", sql.substr(0, kShown));
}

}  // namespace

bool check_same_result(Judge& judge, const SessionTruth& session, std::string_view sql,
                       const StatementResult& twin, const StatementResult& product) {
  return judge.expect(twin == product, kTwin, "result", [&] {
    return fmt::format("{}: \"{}\" gave {}; a native SQLite gives {}", describe(session),
                       shortened(sql), describe(product), describe(twin));
  });
}

bool check_same_code(Judge& judge, const SessionTruth& session, std::string_view site, int twin,
                     int product) {
  return judge.expect(twin == product, kTwin, site, [&] {
    return fmt::format("{}: {} gave {} ({}); a native SQLite gives {} ({})", describe(session),
                       site, product, sqlite3_errstr(product), twin, sqlite3_errstr(twin));
  });
}

bool check_same_transaction(Judge& judge, const SessionTruth& session, std::string_view sql,
                            bool twin, bool product) {
  return judge.expect(twin == product, kTwin, "transaction", [&] {
    return fmt::format("{}: after \"{}\" the session {} inside a transaction; a native SQLite {}",
                       describe(session), shortened(sql), product ? "is" : "is not",
                       twin ? "is" : "is not");
  });
}

void report_twin_stuck(Judge& judge, const SessionTruth& session, int code) {
  judge.violated(kTwin, "landing",
                 fmt::format("{}: a commit landed that a native SQLite refuses: {} ({})",
                             describe(session), code, sqlite3_errstr(code)));
}

}  // namespace squall::sim
