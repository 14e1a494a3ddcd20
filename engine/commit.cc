// A plain commit: one read round trip for the head, one commit round trip for delta, index rows and
// head.
#include <fmt/format.h>

#include <utility>

#include "engine/chunked_value.h"
#include "engine/head_change.h"
#include "engine/index_access.h"
#include "engine/planted.h"
#include "engine/staging.h"

namespace squall {
namespace {

class CommitOperation {
 public:
  CommitOperation(EngineCore& core, ActorState& state, uint64_t generation,
                  const CommitRequest& request)
      : core_(core), state_(state), generation_(generation), request_(request) {}

  Reply run() {
    auto result = core_.transact([this](Transaction& transaction) { return attempt(transaction); });
    if (!result) return error_reply(view(), std::move(result.error()));
    if (*result == Attempt::kAnswered)
      return answer_again(core_, state_, view(), Probe::kCommitRecognised);
    if (auto finished = landed(); !finished)
      return error_reply(after_.view(), std::move(finished.error()));
    return {after_.view(), DoneReply{}};
  }

 private:
  AttemptResult attempt(Transaction& transaction) {
    if (std::exchange(tried_, true)) probe(core_.runtime, Probe::kCommitTriedAgain);
    if (auto passed = pass(core_, Site::kCommitBeforeTransaction); !passed)
      return stop(std::move(passed.error()));
    const ReadMode mode = commit_read_mode();
    auto head = read_head(core_, state_, transaction, mode);
    if (!head) return stop(std::move(head.error()));
    head_ = *head;
    if (head_ && already_landed(*head_, request_.commit_id)) return Attempt::kAnswered;
    if (auto checked = check(transaction, mode); !checked) return stop(std::move(checked.error()));
    if (auto passed = pass(core_, Site::kCommitAfterHeadRead); !passed)
      return stop(std::move(passed.error()));
    if (auto written = write(transaction); !written) return stop(std::move(written.error()));
    if (auto passed = pass(core_, Site::kCommitBeforeStoreCommit); !passed)
      return stop(std::move(passed.error()));
    return Attempt::kCommit;
  }

  Attempted<void> check(Transaction& transaction, ReadMode mode) {
    // Planted: what has passed the fence once goes on under whoever owns the actor by now.
    const bool reopened = planted(Defect::kLateWriteReopens) && passed_fence_ && head_;
    if (!reopened) {
      auto checked =
          check_fence(core_, head_, generation_, request_.head_txid, Probe::kCommitFenced);
      if (!checked) return checked;
    }
    passed_fence_ = true;
    const uint64_t new_pages = count_past(request_.pages, head_->size_pages);
    if (auto checked = check_growth(*head_, request_.size_pages, new_pages); !checked)
      return checked;
    if (planted(Defect::kShardKeepsPagesPastEnd)) leave_out_zeros();
    return with_index(core_, state_, transaction, mode, *head_, [&](const PageIndex& index) {
      facts_ = index_facts(index, pages(), *head_, request_.size_pages);
    });
  }

  // Planted: once the database has shrunk, a new page of zeros is taken for one that nothing need
  // hold.
  void leave_out_zeros() {
    kept_.clear();
    for (const NumberedPage& page : request_.pages) {
      const bool is_new = head_->last_shrink_txid > 0 && page.pgno > head_->size_pages;
      if (!is_new || page.page.view() != core_.pages.zero().view()) kept_.push_back(page);
    }
  }
  const std::vector<NumberedPage>& pages() const {
    return planted(Defect::kShardKeepsPagesPastEnd) ? kept_ : request_.pages;
  }

  Attempted<void> write(Transaction& transaction) {
    RowWriter writer(transaction);
    const ActorId actor = state_.actor;
    if (head_->stage_open() && !planted(Defect::kStagesNeverFreed)) {
      auto stage = load_stage(transaction, actor, commit_read_mode());
      if (!stage) return stop(std::move(stage.error()));
      probe(core_.runtime, Probe::kCommitOverForeignStage);
      discard_stage(writer, actor, *stage);
    }
    if (auto cleared = clear_past_size(core_, transaction, writer, actor, *head_,
                                       request_.size_pages, facts_.rows_past);
        !cleared) {
      return cleared;
    }
    delta_bytes_ = 0;
    if (!request_.pages.empty()) {
      if (auto written = write_delta(writer); !written) return written;
    }
    after_ = *head_;
    return advance_head(core_, state_, writer, request_.commit_id, request_.size_pages, &after_);
  }

  Attempted<void> write_delta(RowWriter& writer) {
    auto blob = encode();
    if (!blob) return stop(Error{ErrorCode::kInvalidRequest, blob.error().message()});
    const ActorId actor = state_.actor;
    const DeltaName name{request_.head_txid + 1, 0};
    SizeRow size =
        put_blob(writer, delta_key(actor, name), *blob, core_.options.blob, nullptr, &value_);
    scanned_ = core_.encoder.scanned();
    if (size.pieces > 0) probe(core_.runtime, Probe::kCommitInPieces);
    if (near_inline_limit(blob->size(), core_.options.blob))
      probe(core_.runtime, Probe::kBlobAtInlineLimit);
    size.last_pgno = pages().back().pgno;
    const Key size_key = delta_size_key(actor, name);
    writer.put(size_key, encode_size_row(actor, size_key, size));
    delta_bytes_ = size.stored_bytes;

    row_ = {name.txid, 0, static_cast<uint16_t>(size.pieces)};
    for (const NumberedPage& page : pages()) {
      const Key key = index_key(actor, page.pgno);
      writer.put(key, encode_index_row(actor, key, row_));
    }
    writer.credit(facts_.old_rows * kIndexRowBytes);
    return pass(core_, Site::kCommitAfterEncode);
  }

  // The blob lies in the shared encoder: nobody may wait before it is copied.
  ltx::LtxResult<std::string_view> encode() {
    ltx::Encoder& encoder = core_.encoder;
    const ltx::Header header =
        delta_header(request_.head_txid, request_.size_pages, core_.runtime.wall_us());
    if (auto begun = encoder.begin(header); !begun) return ltx::LtxFailure(begun.error());
    for (const NumberedPage& page : pages()) {
      if (auto added = encoder.add_page(page.pgno, page.page.view()); !added)
        return ltx::LtxFailure(added.error());
    }
    return encoder.finish();
  }

  // The commit landed: the node's memory follows, then compaction hears of it.
  Result<void> landed() {
    ++core_.statistics.commits;
    apply_to_cache(core_, state_, *head_, after_, [&](PageIndex& index) {
      for (const NumberedPage& page : pages()) index.set(page.pgno, row_);
    });
    if (!request_.pages.empty() && !value_.empty()) {
      core_.blobs.keep_just_written(delta_key(state_.actor, row_.delta()), std::move(value_),
                                    std::move(scanned_));
    }
    auto passed = checkpoint(core_.runtime, Site::kCommitAfterStoreCommit);
    core_.compaction.note_commit(state_, after_.head_txid, request_.pages.empty() ? 0 : 1,
                                 delta_bytes_);
    if (!passed) return passed;
    return checkpoint(core_.runtime, Site::kCommitAfterWake);
  }

  HeadView view() const { return head_ ? head_->view() : HeadView{}; }

  EngineCore& core_;
  ActorState& state_;
  const uint64_t generation_;
  const CommitRequest& request_;

  bool tried_ = false;
  bool passed_fence_ = false;  // in some attempt

  // Of the newest attempt.
  std::optional<Head> head_;  // as read
  Head after_;                // as written
  IndexFacts facts_;
  IndexRow row_;
  uint64_t delta_bytes_ = 0;
  SharedBytes value_;               // of the delta, when it is one value
  ltx::ScannedFile scanned_;        // of the delta
  std::vector<NumberedPage> kept_;  // of a planted defect
};

}  // namespace

Reply commit(EngineCore& core, ActorId actor, uint64_t generation, const CommitRequest& request) {
  if (request.pages.size() * uint64_t{kPageSizeBytes} > core.options.max_delta_bytes) {
    return error_reply({}, {ErrorCode::kTooLarge,
                            fmt::format("{} pages are above the largest delta of {} bytes",
                                        request.pages.size(), core.options.max_delta_bytes)});
  }
  Pin state(core.actors, core.state_of(actor));
  if (planted(Defect::kFailedStartStaysOpen) && state->closed)
    return error_reply({}, {ErrorCode::kFenced, "the actor is closed"});
  if (auto turn = core.compaction.wait_for_turn(*state); !turn)
    return error_reply({}, std::move(turn.error()));
  return CommitOperation(core, *state, generation, request).run();
}

}  // namespace squall
