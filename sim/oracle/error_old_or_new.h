// error-old-or-new: a commit that was refused never lands; one whose outcome is not known may have,
// and then the session must end: its file takes no more writes, so that nothing is built on a
// guess.
//
// Does not check: which of the two an unknown commit became. The next owner finds one or the other,
// and its twin is forked accordingly.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// A call that commits what is pending was refused.
void check_refused(Judge& judge, const SessionTruth& session, std::string_view site);
// A commit of this sequence landed: none of those that were refused.
bool check_not_refused(Judge& judge, const SessionTruth& session, uint64_t sequence);
// A commit of the session landed: SQLite was asking for one, or had asked and never got an answer.
bool check_attempted(Judge& judge, const SessionTruth& session, uint64_t txid);
// SQLite wrote to its database, and the VFS took it.
bool check_write_allowed(Judge& judge, const SessionTruth& session);

}  // namespace squall::sim
