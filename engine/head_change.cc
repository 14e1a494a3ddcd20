#include "engine/head_change.h"

#include <fmt/format.h>

#include "engine/planted.h"

namespace squall {
namespace {

bool passes_fence(const Head& head, uint64_t generation, uint64_t head_txid) {
  if (planted(Defect::kFencesDropped)) return true;
  if (planted(Defect::kAbsentHeadSkipsFence) && head_txid == 0) return true;
  return head.generation == generation && head.head_txid == head_txid;
}

}  // namespace

ReadMode commit_read_mode() {
  return planted(Defect::kCommitReadsHeadAtSnapshot) ? ReadMode::kSnapshot
                                                     : ReadMode::kSerializable;
}

bool already_landed(const Head& head, const CommitId& id) {
  if (planted(Defect::kAmbiguousCommitForgotten)) return false;
  if (planted(Defect::kCommitKnownBySequence)) return head.last_commit.sequence == id.sequence;
  return head.last_commit == id;
}

Reply answer_again(EngineCore& core, ActorState& state, const HeadView& view, Probe seen) {
  ++core.statistics.commits_recognised;
  probe(core.runtime, seen);
  core.compaction.note_touched(state, view.head_txid);
  return {view, DoneReply{}};
}

Attempted<void> check_fence(EngineCore& core, const std::optional<Head>& head, uint64_t generation,
                            uint64_t head_txid, Probe seen) {
  if (head && passes_fence(*head, generation, head_txid)) return {};
  ++core.statistics.fences;
  probe(core.runtime, seen);
  if (!head) return stop(Error{ErrorCode::kFenced, "the actor does not exist"});
  return stop(Error{ErrorCode::kFenced,
                    fmt::format("asked for generation {} head {}, the actor is at {} head {}",
                                generation, head_txid, head->generation, head->head_txid)});
}

Attempted<void> check_stage_fence(EngineCore& core, const std::optional<Head>& head,
                                  uint64_t generation, uint64_t head_txid, Probe seen) {
  const bool any_generation = planted(Defect::kStageIgnoresGeneration) && head;
  return check_fence(core, head, any_generation ? head->generation : generation, head_txid, seen);
}

Attempted<void> check_growth(const Head& head, uint32_t size_pages, uint64_t count_past_old_size) {
  if (size_pages <= head.size_pages) return {};
  const uint32_t lock = ltx::lock_pgno(kPageSizeBytes);
  const bool over_lock = head.size_pages < lock && lock <= size_pages;
  const uint64_t wanted = uint64_t{size_pages} - head.size_pages - (over_lock ? 1 : 0);
  if (count_past_old_size == wanted) return {};
  return stop(Error{
      ErrorCode::kInvalidRequest,
      fmt::format("a commit that grows the database from {} to {} pages carries {} of the new ones",
                  head.size_pages, size_pages, count_past_old_size)});
}

Attempted<void> clear_past_size(EngineCore& core, Transaction& transaction, RowWriter& writer,
                                ActorId actor, const Head& head, uint32_t size_pages,
                                uint64_t index_rows_past) {
  if (size_pages >= head.size_pages) return {};
  if (planted(Defect::kShrinkLeavesRows)) return pass(core, Site::kCommitAfterShrinkCleanup);
  if (index_rows_past > 0) {
    probe(core.runtime, Probe::kShrinkClearsRows);
    writer.remove_range(index_key(actor, size_pages + 1), tag_end_key(actor, RowTag::kIndex),
                        index_rows_past * kIndexRowBytes);
  }
  const uint32_t first_gone = shard_of(size_pages) + 1;
  if (first_gone <= shard_of(head.size_pages)) {
    const Key begin = shard_size_key(actor, first_gone);
    const Key end = tag_end_key(actor, RowTag::kShardSize);
    RangeOptions options;
    options.mode = commit_read_mode();
    auto sizes = transaction.get_range(begin.view(), end.view(), options);
    if (!sizes) return stop(sizes.error());
    uint64_t bytes = 0;
    for (const KeyValue& row : sizes->rows) {
      auto size = decode_size_row(actor, row.key, row.value);
      if (!size) return stop(std::move(size.error()));
      bytes += size->stored_bytes + row.key.size() + row.value.size();
    }
    if (!sizes->rows.empty()) {
      probe(core.runtime, Probe::kShrinkDropsShards);
      writer.remove_range(begin, end, bytes);
      writer.remove_range(shard_key(actor, first_gone), tag_end_key(actor, RowTag::kShard), 0);
    }
  }
  if (first_gone > shard_of(head.size_pages)) probe(core.runtime, Probe::kShrinkInsideShard);
  return pass(core, Site::kCommitAfterShrinkCleanup);
}

void discard_stage(RowWriter& writer, ActorId actor, const StageRow& stage) {
  writer.remove_range(stage_key(actor), tag_end_key(actor, RowTag::kStage),
                      kHeadKeyBytes + kStageValueBytes + stage.stored_bytes);
  for (const RowTag tag : {RowTag::kDeltaSize, RowTag::kDelta}) {
    writer.remove_range(delta_txid_key(actor, tag, stage.txid),
                        delta_txid_key(actor, tag, stage.txid + 1), 0);
  }
}

Attempted<void> advance_head(EngineCore& core, ActorState& state, RowWriter& writer,
                             const CommitId& id, uint32_t size_pages, Head* head) {
  const bool grows = size_pages > head->size_pages;
  const bool shrinks = size_pages < head->size_pages;
  if (grows && writer.used_after(*head) > head->storage_max) {
    ++core.statistics.quota_refusals;
    probe(core.runtime, Probe::kCommitRefusedForQuota);
    core.compaction.note_quota_refusal(state);
    return stop(
        Error{ErrorCode::kQuotaExceeded, fmt::format("the commit needs {} bytes of a quota of {}",
                                                     writer.used_after(*head), head->storage_max)});
  }
  ++head->head_txid;
  head->next_txid = head->head_txid + 1;
  head->last_commit = id;
  head->size_pages = size_pages;
  if (shrinks) head->last_shrink_txid = head->head_txid;
  writer.put_head(state.actor, head);
  return check_writes(writer);
}

void apply_to_cache(EngineCore& core, ActorState& state, const Head& before, const Head& after,
                    absl::FunctionRef<void(PageIndex&)> set_rows) {
  if (!state.index_is_of(tag_of(before)))
    return probe(core.runtime, Probe::kCommitBesideStaleIndex);
  if (after.size_pages < before.size_pages && !planted(Defect::kShrinkLeavesRows)) {
    state.index.erase_past(after.size_pages);
    state.shard_pieces.erase(state.shard_pieces.upper_bound(shard_of(after.size_pages)),
                             state.shard_pieces.end());
  }
  set_rows(state.index);
  state.head = after;
}

Attempted<void> check_writes(const RowWriter& writer) {
  if (writer.error()) return stop(*writer.error());
  return {};
}

}  // namespace squall
