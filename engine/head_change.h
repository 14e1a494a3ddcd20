// What plain and staged commits have in common: the fence, recognising a commit that already
// landed, growth and shrink rules, the quota, and the caches afterwards.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/engine_core.h"
#include "engine/row_writer.h"

namespace squall {

// Isolation of everything that a commit reads.
ReadMode commit_read_mode();

// True: the commit of this id is the newest one; it landed in an earlier attempt and is answered
// again.
bool already_landed(const Head& head, const CommitId& id);

// The answer to a commit that already landed. The attempt that landed did not know that it had:
// compaction hears of the commit now.
Reply answer_again(EngineCore& core, ActorState& state, const HeadView& view, Probe seen);

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
template <typename Page>
IndexFacts index_facts(const PageIndex& index, const std::vector<Page>& pages, const Head& before,
                       uint32_t size_pages_after) {
  IndexFacts facts;
  for (const Page& page : pages) facts.old_rows += index.contains(page.pgno) ? 1 : 0;
  if (size_pages_after < before.size_pages) facts.rows_past = index.count_past(size_pages_after);
  return facts;
}

// How many of the pages, in rising order, lie past a size.
template <typename Page>
uint64_t count_past(const std::vector<Page>& pages, uint32_t size_pages) {
  const auto first =
      std::upper_bound(pages.begin(), pages.end(), size_pages,
                       [](uint32_t size, const Page& page) { return size < page.pgno; });
  return static_cast<uint64_t>(pages.end() - first);
}

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
