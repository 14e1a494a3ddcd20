// usage-exact: the usage in an actor's head record is the sum of key and value bytes of all its
// rows.
//
// Does not check: the quota (quota_kept.h).
#pragma once

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"

namespace squall::sim {

// A commit of the store changed rows of the actor.
bool check_usage(Judge& judge, const ActorTruth& actor);

}  // namespace squall::sim
