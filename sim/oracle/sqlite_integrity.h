// sqlite-integrity: SQLite's own integrity_check finds nothing wrong with the stored database,
// which the oracle has put together itself.
//
// Does not check: heads between two quiet points.
#pragma once

#include <span>

#include "engine/messages.h"
#include "sim/oracle/judge.h"

struct sqlite3;

namespace squall::sim {

// A connection that shows one stored database after another.
class IntegrityChecker {
 public:
  IntegrityChecker();
  ~IntegrityChecker();
  IntegrityChecker(const IntegrityChecker&) = delete;
  IntegrityChecker& operator=(const IntegrityChecker&) = delete;

  // Shows the database, which is not copied, until the next call.
  bool check(Judge& judge, ActorId actor, uint64_t head_txid, std::span<unsigned char> database);
  sqlite3* shown() const { return connection_; }

 private:
  sqlite3* connection_ = nullptr;
};

}  // namespace squall::sim
