// round-trip-budget: no round trip is spent on a page that SQLite overwrites in full, nor on a
// commit of nothing.
//
// Does not check: budgets of whole workloads; the scenario that sets one judges it by the run's
// figures.
#pragma once

#include "engine/messages.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// The session asks the engine to commit.
void check_commit(Judge& judge, const SessionTruth& session, const CommitRequest& request);
// The session asks the engine for pages.
void check_fetch(Judge& judge, const SessionTruth& session, const GetPagesRequest& request);

}  // namespace squall::sim
