// Compaction: folds the pages that lie in deltas into the shards, and deletes deltas that nothing
// refers to.
//
// A pass reads at one snapshot, without conflicts: the small rows, then the blobs of the shards
// that it picked. It folds in memory. Then it writes in one short transaction, which reads the head
// again and goes on only if
//   - generation and compaction epoch are the snapshot's: nobody took the actor over or compacted
//     it meanwhile;
//   - no commit shrank the database since;
//   - the head is the snapshot's or newer.
// It reads the index rows that it folded again and clears each only if it still names the delta
// that was folded.
//
// Converged, which an idle actor reaches after enough passes: no DELTA, DELTA size and PIDX rows
// but those of an open stage (DELTA and DELTA size rows of txid head + 1); materialized_txid =
// head_txid; each page 1 to size (but the lock page) is in its shard; no shard or SHARD size row
// lies past shard_of(size); no shard holds a page past the size.
#pragma once

#include "engine/engine.h"
#include "engine/engine_core.h"

namespace squall {

struct PassResult {
  PassOutcome outcome = PassOutcome::kConverged;
  uint64_t head_txid = 0;         // of the snapshot
  uint64_t remaining_deltas = 0;  // that were live at the snapshot and still are
  uint64_t remaining_bytes = 0;
};

// One pass. A conflict that the retries did not survive, a store that does not answer:
// kUnavailable. kCorrupt: a row or blob of the actor can't be read; nothing was changed.
Result<PassResult> run_pass(EngineCore& core, ActorState& state);

}  // namespace squall
