// What plain and staged commits have in common: the fence, recognising a commit that already
// landed, growth and shrink rules, the quota, and the caches afterwards.
#pragma once

#include "engine/engine_core.h"
#include "engine/row_writer.h"

namespace squall {

// Isolation of everything that a commit reads.
ReadMode commit_read_mode();

// True: the commit of this id is the newest one; it landed in an earlier attempt and is answered
// again.
bool already_landed(const Head& head, const CommitId& id);

// kFenced unless generation and head are the actor's; then `seen` is marked.
Attempted<void> check_fence(EngineCore& core, const std::optional<Head>& head, uint64_t generation,
                            uint64_t head_txid, Probe seen);
// The same, for the requests of a staged commit.
Attempted<void> check_stage_fence(EngineCore& core, const std::optional<Head>& head,
                                  uint64_t generation, uint64_t head_txid, Probe seen);

// What the index says about a commit of some pages.
struct IndexFacts {
  uint64_t old_rows = 0;   // pages that have an index row already
  uint64_t rows_past = 0;  // index rows past the size after the commit
};

// kInvalidRequest unless every page from the old size to the new one is among the pages past the
// old size, which are count. The lock page is never part of a commit.
Attempted<void> check_growth(const Head& head, uint32_t size_pages, uint64_t count_past_old_size);

// Removes the index rows and shards that lie past a size that shrank.
Attempted<void> clear_past_size(EngineCore& core, Transaction& transaction, RowWriter& writer,
                                ActorId actor, const Head& head, uint32_t size_pages,
                                uint64_t index_rows_past);

// Removes all rows of the open stage.
void discard_stage(RowWriter& writer, ActorId actor, const StageRow& stage);

// The head after a commit; kQuotaExceeded when it grows the database beyond the quota.
Attempted<void> advance_head(EngineCore& core, ActorState& state, RowWriter& writer,
                             const CommitId& id, uint32_t size_pages, Head* head);

// After the commit landed: pages changes the cached index, if it is that of `before`.
void apply_to_cache(EngineCore& core, ActorState& state, const Head& before, const Head& after,
                    absl::FunctionRef<void(PageIndex&)> set_rows);

// The row bytes that the writer was refused, as an attempt's end.
Attempted<void> check_writes(const RowWriter& writer);

}  // namespace squall
