// shard-placement: each page of the database lies where it is looked for, in the delta that its
// index row names or else in its own shard, and a shard holds pages of its own range only. The
// pages found are the database, byte for byte, which page-images then holds against what SQLite
// wrote.
//
// Does not check: deltas that no index row names.
#pragma once

#include <vector>

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/page_blame.h"
#include "sim/oracle/stored_actor.h"
#include "sim/oracle/stored_blob.h"

namespace squall::sim {

// Puts the database together page by page, 4096 bytes each. False: reported.
bool assemble_database(Judge& judge, StoredBlobReader& blobs, const PageBlame& blame,
                       const ActorTruth& actor, const ScannedActor& scanned,
                       std::vector<unsigned char>* database);

}  // namespace squall::sim
