// materialized-sound: what is called folded is folded. No delta and no index row stands at or below
// the materialized txid, and a shard that a compaction wrote covers every commit up to the txid in
// its header: an index row that stays in its range names a later one.
//
// Does not check: that the shard holds the right bytes (compaction-preserves); txids of shards that
// were not written.
#pragma once

#include "engine/head.h"
#include "engine/rows.h"
#include "sim/oracle/judge.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

// A compaction landed and left this head.
bool check_materialized(Judge& judge, const SimulatedStore& store, ActorId actor,
                        const Head& after);
// It wrote a shard that claims everything up to covered_txid, and this index row of a page of its
// range stays.
bool check_coverage(Judge& judge, ActorId actor, uint32_t shard, uint64_t covered_txid,
                    uint32_t pgno, const IndexRow& row);

}  // namespace squall::sim
