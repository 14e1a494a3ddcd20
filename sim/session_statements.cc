#include "sim/session_statements.h"

#include <xxhash.h>

#include <bit>

#include "sim/keyed_hash.h"
#include "sim/value_generator.h"

namespace squall::sim {
namespace {

constexpr const char* kFixedText[] = {"BEGIN", "COMMIT", "ROLLBACK"};

// bytes: null when there was no memory for them; the statement fails in its next step then.
uint64_t digest_bytes(const void* bytes, int size, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, bytes != nullptr ? static_cast<size_t>(size) : 0, seed);
}

uint64_t digest_column(sqlite3_stmt* statement, int column, uint64_t digest) {
  const int type = sqlite3_column_type(statement, column);
  digest = mix64(digest, static_cast<uint64_t>(type));
  switch (type) {
    case SQLITE_INTEGER:
      return mix64(digest, static_cast<uint64_t>(sqlite3_column_int64(statement, column)));
    case SQLITE_FLOAT:
      return mix64(digest, std::bit_cast<uint64_t>(sqlite3_column_double(statement, column)));
    case SQLITE_TEXT: {
      const void* text = sqlite3_column_text(statement, column);
      return digest_bytes(text, sqlite3_column_bytes(statement, column), digest);
    }
    case SQLITE_BLOB: {
      const void* blob = sqlite3_column_blob(statement, column);
      return digest_bytes(blob, sqlite3_column_bytes(statement, column), digest);
    }
    default: return digest;
  }
}

}  // namespace

uint64_t digest_row(sqlite3_stmt* statement, uint64_t digest) {
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) digest = digest_column(statement, i, digest);
  return mix64(digest, static_cast<uint64_t>(columns));
}

StatementRunner::StatementRunner(sqlite3* database, const Workload& workload)
    : database_(database), workload_(workload) {}

StatementRunner::~StatementRunner() {
  for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
  for (sqlite3_stmt* statement : fixed_) sqlite3_finalize(statement);
}

StatementResult StatementRunner::run(const Statement& statement,
                                     std::span<const std::string> bytes) {
  StatementResult result;
  const int64_t changes_before = sqlite3_total_changes64(database_);
  sqlite3_stmt* prepared_statement = prepared(statement.sql, &result.code);
  if (prepared_statement != nullptr) run_prepared(prepared_statement, statement, bytes, &result);
  // Whether a text fails when it is prepared or, prepared long ago, when it is run is all the same.
  result.changes = sqlite3_total_changes64(database_) - changes_before;
  result.last_insert_rowid = sqlite3_last_insert_rowid(database_);
  return result;
}

void StatementRunner::run_prepared(sqlite3_stmt* prepared_statement, const Statement& statement,
                                   std::span<const std::string> bytes, StatementResult* result) {
  for (size_t i = 0; i < statement.parameters.size(); ++i) {
    result->code = bind_parameter(prepared_statement, static_cast<int>(i + 1),
                                  statement.parameters[i], bytes[i]);
    if (result->code != SQLITE_OK) return;
  }
  int rc = sqlite3_step(prepared_statement);
  for (; rc == SQLITE_ROW; rc = sqlite3_step(prepared_statement)) {
    ++result->rows;
    result->digest = digest_row(prepared_statement, result->digest);
  }
  sqlite3_reset(prepared_statement);
  if (rc != SQLITE_DONE) result->code = sqlite3_extended_errcode(database_);
}

int StatementRunner::run_fixed(FixedStatement which) {
  sqlite3_stmt*& statement = fixed_[static_cast<size_t>(which)];
  if (statement == nullptr) {
    const int rc = sqlite3_prepare_v3(database_, kFixedText[static_cast<size_t>(which)], -1,
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (rc != SQLITE_OK) return sqlite3_extended_errcode(database_);
  }
  const int rc = sqlite3_step(statement);
  sqlite3_reset(statement);
  return rc == SQLITE_DONE ? SQLITE_OK : sqlite3_extended_errcode(database_);
}

bool StatementRunner::is_query(uint16_t sql) {
  int code = SQLITE_OK;
  sqlite3_stmt* statement = prepared(sql, &code);
  return statement != nullptr && sqlite3_stmt_readonly(statement) != 0 &&
         sqlite3_column_count(statement) > 0;
}

sqlite3_stmt* StatementRunner::prepared(uint16_t sql, int* code) {
  if (sql >= statements_.size()) statements_.resize(workload_.sql.size(), nullptr);
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr) {
    const std::string& text = workload_.sql[sql].text;
    const int rc = sqlite3_prepare_v3(database_, text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (rc != SQLITE_OK) *code = sqlite3_extended_errcode(database_);
  }
  return statement;
}

}  // namespace squall::sim
