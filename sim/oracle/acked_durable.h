// acked-durable: when SQLite hears that its commit is done, what it wrote has landed in the store.
//
// Does not check: that what landed stays readable (page-images, sql-twin); a truncate on its own,
// which becomes durable with the next commit since the database's header already says the true
// size.
#pragma once

#include <string_view>

#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// A call that commits what is pending returned OK.
void check_acked(Judge& judge, const SessionTruth& session, std::string_view site);
// A statement outside a transaction, or a COMMIT, succeeded: nothing that SQLite wrote may still be
// pending, but for what a refused commit left there and nobody touched since. (A rollback writes
// old pages back; when they are refused too, a statement that needs no database still succeeds.)
void check_nothing_pending(Judge& judge, const SessionTruth& session);
// A takeover was answered with success.
void check_takeover_acked(Judge& judge, const SessionTruth& session);

}  // namespace squall::sim
