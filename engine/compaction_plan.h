// What a compaction pass is going to do, worked out from the actor's rows at the snapshot. Pure.
#pragma once

#include <vector>

#include "engine/actor_rows.h"
#include "engine/engine_options.h"

namespace squall {

struct FoldedPage {
  uint32_t pgno = 0;
  IndexRow from;  // the index row as of the snapshot
};

struct ShardFold {
  uint32_t shard = 0;
  std::vector<FoldedPage> pages;  // by rising page
  const SizeRow* old = nullptr;   // of the shard's present blob, if any; points into the rows
};

struct CompactionPlan {
  std::vector<ShardFold> folds;
  // Deltas that nothing refers to once the folded index rows are gone.
  std::vector<std::pair<DeltaName, SizeRow>> dead;
  uint64_t remaining_deltas = 0;
  uint64_t remaining_bytes = 0;
  // The largest txid up to which no delta remains.
  uint64_t materialized_txid = 0;

  // False: the actor is converged.
  bool has_work(const Head& head) const {
    return !folds.empty() || !dead.empty() || materialized_txid != head.materialized_txid;
  }
};

// Picks shards whose oldest delta is the oldest, since deltas die in that order, up to
// shards_per_pass and pass_input_bytes; with room left, the boundary shard if it still holds pages
// past the size and none of its own lies in a delta.
CompactionPlan plan_compaction(const ActorRows& rows, const EngineOptions& options);

}  // namespace squall
