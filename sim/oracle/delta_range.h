// delta-range: deltas lie above the materialized txid and up to the head, or belong to the open
// stage and its manifest; every blob has its size row, and every size row, piece and manifest row
// its blob.
//
// Does not check: deltas between two quiet points; whether a delta that nothing refers to should be
// gone by now.
#pragma once

#include "engine/head.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/stored_actor.h"

namespace squall::sim {

bool check_delta_range(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned);

}  // namespace squall::sim
