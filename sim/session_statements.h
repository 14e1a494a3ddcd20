// Runs a workload's statements on one connection, prepared once each.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/workload.h"

namespace squall::sim {

enum class FixedStatement : uint8_t { kBegin, kCommit, kRollback, kCount };

// What a statement did, as far as two SQLites must agree on it.
struct StatementResult {
  int code = SQLITE_OK;  // extended; SQLITE_OK when it ran to its end
  uint64_t rows = 0;
  uint64_t digest = 0;  // of types and values of all rows, in order
  int64_t changes = 0;  // rows, those of triggers included
  int64_t last_insert_rowid = 0;

  friend bool operator==(const StatementResult&, const StatementResult&) = default;
};

// Folds types and values of the row that the statement stands on into the digest.
uint64_t digest_row(sqlite3_stmt* statement, uint64_t digest);

class StatementRunner {
 public:
  // Neither is owned; both outlive the runner.
  StatementRunner(sqlite3* database, const Workload& workload);
  ~StatementRunner();
  StatementRunner(const StatementRunner&) = delete;
  StatementRunner& operator=(const StatementRunner&) = delete;

  // bytes[i]: of parameter i, as generate_bytes gave it.
  StatementResult run(const Statement& statement, std::span<const std::string> bytes);
  // The code; no rows.
  int run_fixed(FixedStatement which);
  // Whether it only reads, and gives rows: neither writes nor begins or ends a savepoint. False
  // when it does not even prepare.
  bool is_query(uint16_t sql);
  int64_t last_insert_rowid() const { return sqlite3_last_insert_rowid(database_); }
  void set_last_insert_rowid(int64_t rowid) { sqlite3_set_last_insert_rowid(database_, rowid); }

 private:
  void run_prepared(sqlite3_stmt* prepared_statement, const Statement& statement,
                    std::span<const std::string> bytes, StatementResult* result);
  // Null and *code when the text does not prepare.
  sqlite3_stmt* prepared(uint16_t sql, int* code);

  sqlite3* database_;
  const Workload& workload_;
  std::vector<sqlite3_stmt*> statements_;  // by index into Workload::sql
  std::array<sqlite3_stmt*, static_cast<size_t>(FixedStatement::kCount)> fixed_{};
};

}  // namespace squall::sim
