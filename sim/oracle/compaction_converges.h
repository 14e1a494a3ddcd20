// compaction-converges: an actor that is left alone is folded completely: no delta, no index row,
// everything materialized, and no shard with pages past the end. And under steady writes compaction
// keeps up: with more deltas than its threshold, and nothing going wrong with its compactions, one
// lands before long. A compaction that could have folded another shard leaves none with pages past
// the end, unless newer pages of that shard are still to fold.
//
// Does not check: actors without a commit or takeover since the last node died, so that none may
// know of them; how soon the end is reached; the lag of an actor after something went wrong with a
// compaction of it.
#pragma once

#include <span>

#include "engine/head.h"
#include "sim/knobs.h"
#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/stored_actor.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

// A commit landed that leaves `lag` commits unfolded, and for so long more than the threshold.
void check_compaction_keeps_up(Judge& judge, const ActorTruth& actor, uint64_t lag,
                               int64_t lasts_us, const Knobs& knobs);
// A compaction landed with these rows.
bool check_boundary(Judge& judge, const SimulatedStore& store, ActorId actor, const Head& after,
                    std::span<const StoreRow> rows, const Knobs& knobs);
// All that may have to run has run since the actor's last commit.
bool check_converged(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned);

}  // namespace squall::sim
