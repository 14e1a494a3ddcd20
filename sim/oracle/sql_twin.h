// sql-twin: a native SQLite that runs the same statements in the same order gives the same rows,
// codes, changes and row ids; and at quiet points the stored database has the twin's content.
//
// Does not check: page count, freelist, data_version, pragma values; statements marked skip_twin;
// what an I/O error left of a statement, since the session is over then. A statement that must
// stand outside a transaction runs on the twin after it succeeded on the product.
#pragma once

#include <string>
#include <string_view>

#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"
#include "sim/session_statements.h"

struct sqlite3;

namespace squall::sim {

// Both ran the statement to an end that is not a world error.
bool check_same_result(Judge& judge, const SessionTruth& session, std::string_view sql,
                       const StatementResult& twin, const StatementResult& product);
// Both carried out (or refused) BEGIN, COMMIT or ROLLBACK; sites name which.
bool check_same_code(Judge& judge, const SessionTruth& session, std::string_view site, int twin,
                     int product);
// After a statement: both stand in a transaction, or neither does.
bool check_same_transaction(Judge& judge, const SessionTruth& session, std::string_view sql,
                            bool twin, bool product);
// A commit landed and the twin could not follow.
void report_twin_stuck(Judge& judge, const SessionTruth& session, int code);

// The whole content: the schema, and every row of every table. The twin is not inside a
// transaction.
bool check_same_content(Judge& judge, ActorId actor, uint64_t head_txid, sqlite3* twin,
                        sqlite3* stored);

}  // namespace squall::sim
