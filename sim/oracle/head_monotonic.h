// head-monotonic: a head record only moves forward. A commit moves the head by exactly one; a
// takeover, a stage or a compaction leaves it; the materialized txid, the compaction epoch and the
// last shrink never go back, and no landing changes what belongs to another kind of landing.
//
// Does not check: what the commit holds; that the materialized txid is true (delta-range).
#pragma once

#include "engine/head.h"
#include "sim/oracle/judge.h"

namespace squall::sim {

// The actor's head record changed. False: it does not hold.
bool check_head_monotonic(Judge& judge, ActorId actor, const Head& before, const Head& after);
// The actor's head record can't be read any more, or is gone.
void report_head_lost(Judge& judge, ActorId actor, const std::string& why);

}  // namespace squall::sim
