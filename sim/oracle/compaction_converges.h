// compaction-converges: an actor that is left alone is folded completely: no delta, no index row, everything
// materialized, and no shard with pages past the end.
//
// Does not check: actors without a commit since the last node died, so that none may know of them; how soon.
#pragma once

#include "engine/head.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/stored_actor.h"

namespace squall::sim {

// All that may have to run has run since the actor's last commit.
bool check_converged(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned);

}  // namespace squall::sim
