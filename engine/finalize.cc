// Finalize makes a staged commit the head. It reads the manifest, not the data: the chunks were
// checked as they came.
#include <fmt/format.h>

#include <algorithm>

#include "engine/blob_fetch.h"
#include "engine/head_change.h"
#include "engine/index_access.h"
#include "engine/planted.h"
#include "engine/staging.h"

namespace squall {
namespace {

struct StagedPage {
  uint32_t pgno;
  IndexRow row;
};

class FinalizeOperation {
 public:
  FinalizeOperation(EngineCore& core, ActorState& state, uint64_t generation,
                    const FinalizeRequest& request)
      : core_(core), state_(state), generation_(generation), request_(request) {}

  Reply run() {
    auto result = core_.transact([this](Transaction& transaction) { return attempt(transaction); });
    if (!result) return error_reply(view(), std::move(result.error()));
    if (*result == Attempt::kAnswered)
      return answer_again(core_, state_, view(), Probe::kFinalizeRecognised);
    if (auto finished = landed(); !finished)
      return error_reply(after_.view(), std::move(finished.error()));
    return {after_.view(), DoneReply{}};
  }

 private:
  AttemptResult attempt(Transaction& transaction) {
    const ReadMode mode = commit_read_mode();
    if (auto read = read_manifest(transaction, mode); !read) return stop(std::move(read.error()));
    if (head_ && already_landed(*head_, request_.commit_id)) return Attempt::kAnswered;
    // Planted: as in a plain commit.
    const bool reopened = planted(Defect::kLateWriteReopens) && passed_fence_ && head_;
    if (!reopened) {
      auto checked =
          check_stage_fence(core_, head_, generation_, request_.head_txid, Probe::kFinalizeFenced);
      if (!checked) return stop(std::move(checked.error()));
    }
    passed_fence_ = true;
    if (auto passed = pass(core_, Site::kFinalizeAfterManifestRead); !passed)
      return stop(std::move(passed.error()));
    if (auto checked = check(transaction, mode); !checked) return stop(std::move(checked.error()));
    if (auto written = write(transaction); !written) return stop(std::move(written.error()));
    if (auto passed = pass(core_, Site::kFinalizeBeforeStoreCommit); !passed)
      return stop(std::move(passed.error()));
    return Attempt::kCommit;
  }

  // Head, stage row and chunk rows in one round trip.
  Attempted<void> read_manifest(Transaction& transaction, ReadMode mode) {
    const ActorId actor = state_.actor;
    head_.reset();
    stage_.reset();
    chunks_.clear();
    RangeOptions options;
    options.mode = mode;
    auto range = transaction.get_range(head_key(actor).view(),
                                       tag_end_key(actor, RowTag::kStage).view(), options);
    if (!range) return stop(range.error());
    for (const KeyValue& row : range->rows) {
      if (auto taken = take_row(row); !taken) return stop(std::move(taken.error()));
    }
    return {};
  }

  Result<void> take_row(const KeyValue& row) {
    const ActorId actor = state_.actor;
    const std::string_view key = row.key;
    if (key == head_key(actor).view()) {
      auto head = decode_head(actor, row.value);
      if (!head) return Failure(std::move(head.error()));
      head_ = *head;
    } else if (key == stage_key(actor).view()) {
      auto stage = decode_stage_row(actor, key, row.value);
      if (!stage) return Failure(std::move(stage.error()));
      stage_ = *stage;
    } else {
      auto chunk = decode_stage_chunk_row(actor, key, row.value);
      if (!chunk) return Failure(std::move(chunk.error()));
      chunks_.emplace_back(get_u32(key.data() + kHeadKeyBytes), std::move(*chunk));
    }
    return {};
  }

  tl::unexpected<AttemptError> incomplete(const char* why) const {
    probe(core_.runtime, Probe::kFinalizeIncomplete);
    return stop(Error{ErrorCode::kStageIncomplete, why});
  }
  static tl::unexpected<AttemptError> invalid(const char* why) {
    return stop(Error{ErrorCode::kInvalidRequest, why});
  }

  Attempted<void> check(Transaction& transaction, ReadMode mode) {
    const bool ours = head_->stage_open() && stage_ && stage_->commit_id == request_.commit_id &&
                      stage_->generation == generation_;
    if (!ours) return incomplete("the stage of this commit is not open");
    if (auto checked = check_chunks(); !checked) return checked;
    if (auto checked = collect_pages(); !checked) return checked;
    const uint64_t new_pages = count_past(pages_, head_->size_pages);
    if (auto checked = check_growth(*head_, request_.size_pages, new_pages); !checked)
      return checked;
    return with_index(core_, state_, transaction, mode, *head_, [&](const PageIndex& index) {
      facts_ = index_facts(index, pages_, *head_, request_.size_pages);
    });
  }

  // The chunks 0 to n - 1 of the commit's last staging; chunks beyond come from an earlier one, cut
  // otherwise.
  Attempted<void> check_chunks() const {
    if (chunks_.size() < request_.chunk_count) return incomplete("chunks are missing");
    std::vector<uint64_t> checksums;
    for (uint32_t i = 0; i < request_.chunk_count; ++i) {
      if (chunks_[i].first != i) return incomplete("chunks are missing");
      checksums.push_back(chunks_[i].second.file_checksum);
    }
    if (stage_digest(checksums) != request_.digest)
      return incomplete("the chunks are not those of the request");
    return {};
  }

  Attempted<void> collect_pages() {
    pages_.clear();
    for (uint32_t i = 0; i < request_.chunk_count; ++i) {
      const StageChunkRow& chunk = chunks_[i].second;
      const IndexRow row{request_.head_txid + 1, static_cast<uint16_t>(i),
                         static_cast<uint16_t>(chunk.pieces)};
      for (const uint32_t pgno : chunk.pgnos) pages_.push_back({pgno, row});
    }
    const auto by_pgno = [](const StagedPage& a, const StagedPage& b) { return a.pgno < b.pgno; };
    if (!std::is_sorted(pages_.begin(), pages_.end(), by_pgno))
      std::sort(pages_.begin(), pages_.end(), by_pgno);
    const auto same = [](const StagedPage& a, const StagedPage& b) { return a.pgno == b.pgno; };
    if (std::adjacent_find(pages_.begin(), pages_.end(), same) != pages_.end()) {
      return invalid("a page is in two chunks");
    }
    if (pages_.back().pgno > request_.size_pages)
      return invalid("a staged page lies past the size");
    return {};
  }

  Attempted<void> write(Transaction& transaction) {
    RowWriter writer(transaction);
    const ActorId actor = state_.actor;
    drop_manifest(writer);
    if (facts_.rows_past > 0) probe(core_.runtime, Probe::kFinalizeShrinks);
    if (auto cleared = clear_past_size(core_, transaction, writer, actor, *head_,
                                       request_.size_pages, facts_.rows_past);
        !cleared) {
      return cleared;
    }
    if (!planted(Defect::kFinalizeWritesNoIndex)) {
      for (const StagedPage& page : pages_) {
        const Key key = index_key(actor, page.pgno);
        writer.put(key, encode_index_row(actor, key, page.row));
      }
      writer.credit(facts_.old_rows * kIndexRowBytes);
    }
    if (planted(Defect::kFinalizeRewritesBlob)) {
      if (auto written = rewrite_blobs(transaction, writer); !written) return written;
    }
    after_ = *head_;
    return advance_head(core_, state_, writer, request_.commit_id, request_.size_pages, &after_);
  }

  // Planted: the staged blobs go once more into the transaction that makes them the head.
  Attempted<void> rewrite_blobs(Transaction& transaction, RowWriter& writer) {
    BlobFetch fetch;
    for (uint32_t i = 0; i < request_.chunk_count; ++i) {
      fetch.add(delta_key(state_.actor, {request_.head_txid + 1, i}), chunks_[i].second.pieces);
    }
    if (auto read = fetch.fetch(transaction, commit_read_mode()); !read) return stop(read.error());
    for (uint32_t i = 0; i < request_.chunk_count; ++i) {
      std::string blob;
      for (const SharedBytes& part : fetch.parts(i)) blob += part.view();
      const StageChunkRow& row = chunks_[i].second;
      if (row.pieces == 0) blob.erase(0, kMarkerBytes);
      const SizeRow old{0, row.pieces, row.stored_bytes};
      put_blob(writer, fetch.key(i), blob, core_.options.blob, &old);
    }
    return {};
  }

  // Manifest rows go, blobs and their size rows stay, but those of an earlier staging's chunks.
  void drop_manifest(RowWriter& writer) {
    const ActorId actor = state_.actor;
    uint64_t kept_bytes = 0;
    delta_bytes_ = 0;
    for (const auto& [chunk, row] : chunks_) {
      const DeltaName name{request_.head_txid + 1, chunk};
      kept_bytes += row.stored_bytes + kDeltaKeyBytes + kSizeValueBytes;
      if (chunk < request_.chunk_count) {
        delta_bytes_ += row.stored_bytes;
        continue;
      }
      remove_blob(writer, delta_key(actor, name), {0, row.pieces, row.stored_bytes});
      writer.remove(delta_size_key(actor, name), kDeltaKeyBytes + kSizeValueBytes);
    }
    const uint64_t stage_row_bytes = kHeadKeyBytes + kStageValueBytes;
    writer.remove_range(stage_key(actor), tag_end_key(actor, RowTag::kStage),
                        stage_row_bytes + stage_->stored_bytes - kept_bytes);
  }

  Result<void> landed() {
    ++core_.statistics.commits;
    ++core_.statistics.staged_commits;
    apply_to_cache(core_, state_, *head_, after_, [&](PageIndex& index) {
      if (planted(Defect::kFinalizeWritesNoIndex)) return;
      for (const StagedPage& page : pages_) index.set(page.pgno, page.row);
    });
    auto passed = checkpoint(core_.runtime, Site::kFinalizeAfterStoreCommit);
    core_.compaction.note_commit(state_, after_.head_txid, request_.chunk_count, delta_bytes_);
    return passed;
  }

  HeadView view() const { return head_ ? head_->view() : HeadView{}; }

  EngineCore& core_;
  ActorState& state_;
  const uint64_t generation_;
  const FinalizeRequest& request_;
  bool passed_fence_ = false;  // in some attempt

  // Of the newest attempt.
  std::optional<Head> head_;
  std::optional<StageRow> stage_;
  std::vector<std::pair<uint32_t, StageChunkRow>> chunks_;  // by rising chunk
  std::vector<StagedPage> pages_;                           // by rising page
  IndexFacts facts_;
  Head after_;
  uint64_t delta_bytes_ = 0;
};

}  // namespace

Reply finalize(EngineCore& core, ActorId actor, uint64_t generation,
               const FinalizeRequest& request) {
  Pin state(core.actors, core.state_of(actor));
  if (auto turn = core.compaction.wait_for_turn(*state); !turn)
    return error_reply({}, std::move(turn.error()));
  return FinalizeOperation(core, *state, generation, request).run();
}

}  // namespace squall
