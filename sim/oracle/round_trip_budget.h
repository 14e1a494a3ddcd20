// round-trip-budget: no round trip is spent on a page that SQLite overwrites in full or that lies
// past the end, that the session was given before and that its cache must still hold, nor on a
// commit of nothing; what is read in equal steps is fetched ahead; a takeover asks for no more than
// it may, and sends along what was asked for, and no more. A session asks for one commit no more
// often than it may, for no finalize of chunks that are missing, and for nothing once it has been
// fenced.
//
// Does not check: what a cache that was full holds; other guesses at what is read next; budgets of
// whole workloads; the scenario that sets one judges it by the run's figures.
#pragma once

#include "engine/messages.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// The session asks the engine to commit.
void check_commit(Judge& judge, const SessionTruth& session, const CommitRequest& request);
// It asks for the commit of that sequence to land, by a commit or a finalize request: counts it.
void check_tries(Judge& judge, SessionTruth& session, uint64_t sequence, int64_t most);
// It asks for a finalize: not again over chunks that it was told are missing.
void check_staged(Judge& judge, const SessionTruth& session);
// It asks for anything but a takeover.
void check_asks(Judge& judge, const SessionTruth& session);
// The session asks the engine for pages.
void check_fetch(Judge& judge, const SessionTruth& session, const GetPagesRequest& request,
                 bool prefetches);

// The session's takeover was answered at this head with these pages: page 1 and every page that was
// asked for, up to most_bytes of them.
void check_preload(Judge& judge, const SessionTruth& session, const TakeoverRequest& request,
                   const HeadView& head, const std::vector<NumberedPage>& pages,
                   uint64_t most_bytes);

}  // namespace squall::sim
