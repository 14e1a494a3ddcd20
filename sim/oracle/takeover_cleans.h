// takeover-cleans: when a takeover has landed, nothing is left of what the owners before it began
// and did not finish: no open stage, no delta above the head, no index row that names one or lies
// past the size.
//
// Does not check: the first takeover of all, which finds nothing; shards and deltas up to the head.
#pragma once

#include "engine/head.h"
#include "sim/oracle/judge.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

bool check_takeover_clean(Judge& judge, const SimulatedStore& store, ActorId actor,
                          const Head& after);

}  // namespace squall::sim
