// The oracle's side of a session: the recorder under SQLite, the watching transport, and the twin
// that runs every statement first and commits when the product's commit lands.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "sim/oracle/oracle.h"
#include "sim/oracle/recorder_vfs.h"
#include "sim/session.h"
#include "sim/session_statements.h"
#include "sim/session_transport.h"

namespace squall::sim {

class SessionConnection;
class Twin;

class SessionWatch {
 public:
  // Tells the oracle that this owner may take over. The environment outlives the watch.
  explicit SessionWatch(const SessionEnvironment& environment);

  Transport& transport() { return transport_; }
  std::unique_ptr<RecorderVfs> make_recorder(sqlite3_vfs* below, Profile profile);

  // The takeover was answered with success; then the connection is open.
  void took_over();
  void opened(sqlite3* database, Profile profile);
  // The product is about to run the statement; bytes and key as for it.
  void before_statement(const Statement& statement, std::span<const std::string> bytes,
                        uint64_t key, bool is_explicit, SessionConnection& product);
  // An allocation failed in it, and SQLite got over that; after_statement follows. When what failed
  // belongs to a statement whose plan is out of date, SQLite undoes the whole transaction, makes a
  // new plan and runs the statement alone, with success (sqlite3_step of 3.54).
  void after_shortage(const Statement& statement, std::span<const std::string> bytes,
                      const SessionConnection& connection);
  // The product ran it to an end that is not a world error.
  void after_statement(const Statement& statement, std::span<const std::string> bytes,
                       const StatementResult& product, const SessionConnection& connection);
  void before_begin();
  // COMMIT or ROLLBACK of an explicit transaction, around the product's.
  void before_end(FixedStatement how);
  void after_end(FixedStatement how, int product_code, const SessionConnection& connection);
  // The product stands outside a transaction, with nothing of the last one committed.
  void rolled_back();

  // The process lives, and its file is dead.
  void file_died(const std::string& why);
  void closing();
  void closed();

 private:
  // What a statement is to the twin.
  enum class TwinPart : uint8_t { kFirst, kAfter, kVacuum, kNone };
  TwinPart part_of(uint16_t sql) const;
  bool watching() const;
  Twin& twin();
  // With the draws of the product's run of it.
  void run_in_twin(const Statement& statement, std::span<const std::string> bytes);
  // Or rolls it back, when it can't be committed.
  void commit_twin();
  // Nothing of a transaction is left.
  void between_transactions(const SessionConnection& connection);

  const SessionEnvironment& environment_;
  SessionLink link_;
  SessionTransport transport_;
  TwinPart part_ = TwinPart::kNone;  // of the statement at hand
  uint64_t key_ = 0;
  bool is_explicit_ = false;
  bool was_in_transaction_ = false;  // the product, before it
  StatementResult twin_result_;
};

}  // namespace squall::sim
