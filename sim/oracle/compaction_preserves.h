// compaction-preserves: what a compaction writes changes no page. Of every shard that it wrote, and
// every delta that it deleted, each page of the database that lost its index row lies in its shard
// now, with the content it had.
//
// Does not check: pages whose shard, index row and delta it left alone.
#pragma once

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/page_blame.h"
#include "sim/oracle/stored_blob.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

// The commit of the store is a compaction's write about the actor, whose truth stands at the same
// head.
bool check_compaction(Judge& judge, const SimulatedStore& store, StoredBlobReader& blobs,
                      PageBlame& blame, const ActorTruth& actor, const AppliedCommit& commit);

}  // namespace squall::sim
