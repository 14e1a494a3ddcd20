// Taking an actor over: the first operation of each session. One round trip reads all the actor's
// small rows, one writes the head; then the preloaded pages are read as any others.
#include <absl/container/flat_hash_set.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/engine_core.h"
#include "engine/head_change.h"
#include "engine/planted.h"

namespace squall {
namespace {

class TakeoverOperation {
 public:
  TakeoverOperation(EngineCore& core, ActorState& state, const TakeoverRequest& request)
      : core_(core), state_(state), request_(request) {}

  Reply run() {
    auto result = core_.transact([this](Transaction& transaction) { return attempt(transaction); });
    if (!result) return error_reply(seen_, std::move(result.error()));
    note(*result);
    if (*result == Attempt::kCommit) {
      auto passed = checkpoint(core_.runtime, Site::kTakeoverAfterStoreCommit);
      if (!passed) return error_reply(head_.view(), std::move(passed.error()));
    }
    Reply reply = get_pages(core_, state_.actor, head_.generation, preload());
    auto passed = checkpoint(core_.runtime, Site::kTakeoverAfterPreload);
    if (!passed) return error_reply(head_.view(), std::move(passed.error()));
    return reply;
  }

 private:
  AttemptResult attempt(Transaction& transaction) {
    if (std::exchange(tried_, true)) probe(core_.runtime, Probe::kTakeoverTriedAgain);
    if (auto passed = pass(core_, Site::kTakeoverBeforeTransaction); !passed)
      return stop(std::move(passed.error()));
    const ReadMode mode = planted(Defect::kTakeoverReadsHeadAtSnapshot) ? ReadMode::kSnapshot
                                                                        : ReadMode::kSerializable;
    auto rows = load_rows(transaction, state_.actor, mode);
    if (!rows && planted(Defect::kReadFaultTakenForEmpty) &&
        std::holds_alternative<StoreError>(rows.error())) {
      rows = std::nullopt;
    }
    if (!rows) return stop(std::move(rows.error()));
    if (auto passed = pass(core_, Site::kTakeoverAfterHeadRead); !passed)
      return stop(std::move(passed.error()));
    RowWriter writer(transaction);
    seen_ = HeadView();
    if (*rows) {
      head_ = (*rows)->head;
      seen_ = head_.view();
      if (auto ended = compare_owners(**rows)) return std::move(*ended);
      clean_up(**rows, writer);
      ++head_.generation;
      head_.next_txid = head_.head_txid + 1;
      count_live(**rows);
    } else {
      head_ = Head();
      head_.creation_ts_ms = core_.runtime.wall_us() / 1000;
      head_.storage_max = core_.options.storage_max;
      live_deltas_ = live_bytes_ = 0;
    }
    head_.owner = request_.owner;
    writer.put_head(state_.actor, &head_, rows->has_value());
    if (auto checked = check_writes(writer); !checked) return stop(std::move(checked.error()));
    if (auto passed = pass(core_, Site::kTakeoverBeforeStoreCommit); !passed)
      return stop(std::move(passed.error()));
    index_ = *rows ? std::move((*rows)->index) : PageIndex();
    return Attempt::kCommit;
  }

  // What the attempt ends in where the token is not newer than the owner's.
  std::optional<AttemptResult> compare_owners(ActorRows& rows) {
    if (request_.owner == head_.owner && !planted(Defect::kReplayedStartTakesOver)) {
      count_live(rows);
      index_ = std::move(rows.index);
      probe(core_.runtime, Probe::kTakeoverReplayed);
      return Attempt::kAnswered;
    }
    const bool older = request_.owner.start_sequence < head_.owner.start_sequence;
    if (older && !planted(Defect::kOldStartResurrects)) return superseded();
    if (request_.owner.start_sequence == head_.owner.start_sequence) {
      probe(core_.runtime, Probe::kTakeoverOfSameStart);
    }
    if (planted(Defect::kTakeoverLosesRace) && lost_race()) {
      return stop(Error{ErrorCode::kFenced, "the head changed during the takeover"});
    }
    return std::nullopt;
  }

  // Planted: the head is not what an earlier attempt read.
  bool lost_race() {
    const bool lost = first_seen_ && *first_seen_ != head_;
    first_seen_ = head_;
    return lost;
  }

  AttemptResult superseded() const {
    probe(core_.runtime, Probe::kTakeoverSuperseded);
    return stop(Error{ErrorCode::kSuperseded,
                      fmt::format("start {} is older than the owner's {}",
                                  request_.owner.start_sequence, head_.owner.start_sequence)});
  }

  // Removes what no commit of the actor stands for: the open stage, deltas above the head, index
  // rows that name such deltas or lie past the size. A row that names a delta up to the head stays
  // even if the delta is gone: that is a loss, which a read must report, not an older copy of the
  // page.
  void clean_up(ActorRows& rows, RowWriter& writer) {
    const ActorId actor = state_.actor;
    const uint64_t head_txid = rows.head.head_txid;
    if (planted(Defect::kStagesNeverFreed)) return;
    if (rows.stage) {
      probe(core_.runtime, Probe::kTakeoverDiscardsStage);
      discard_stage(writer, actor, *rows.stage);
      rows.deltas.erase(rows.deltas.lower_bound({rows.stage->txid, 0}),
                        rows.deltas.lower_bound({rows.stage->txid + 1, 0}));
    }
    for (auto delta = rows.deltas.lower_bound({head_txid + 1, 0}); delta != rows.deltas.end();) {
      remove_blob(writer, delta_key(actor, delta->first), delta->second);
      writer.remove(delta_size_key(actor, delta->first), kDeltaKeyBytes + kSizeValueBytes);
      delta = rows.deltas.erase(delta);
    }
    std::vector<uint32_t> nowhere;
    for (const auto& [pgno, row] : rows.index.rows()) {
      const bool past_size = pgno > rows.head.size_pages && !planted(Defect::kShrinkLeavesRows);
      if (row.txid > head_txid || past_size) nowhere.push_back(pgno);
    }
    for (const uint32_t pgno : nowhere) {
      writer.remove(index_key(actor, pgno), kIndexRowBytes);
      rows.index.erase(pgno);
    }
  }

  void count_live(const ActorRows& rows) {
    live_deltas_ = live_bytes_ = 0;
    for (const auto& [name, size] : rows.deltas) {
      if (name.txid > rows.head.head_txid) continue;
      ++live_deltas_;
      live_bytes_ += size.stored_bytes;
    }
  }

  void note(Attempt outcome) {
    if (outcome == Attempt::kCommit) {
      ++core_.statistics.takeovers;
    } else {
      ++core_.statistics.takeovers_replayed;
    }
    core_.actors.install(state_, head_, index_);
    core_.compaction.note_takeover(state_, head_.head_txid, live_deltas_, live_bytes_);
  }

  // Page 1, the hints, the ranges: each page once, none past the end, as many as fit.
  std::vector<uint32_t> preload() const {
    const uint32_t max_bytes =
        std::min(request_.max_preload_bytes, core_.options.max_preload_bytes);
    const size_t max_pages = std::max<size_t>(1, max_bytes / kPageSizeBytes);
    std::vector<uint32_t> pgnos;
    absl::flat_hash_set<uint32_t> taken;
    const auto take = [&](uint64_t pgno) {
      if (pgno > head_.size_pages || pgnos.size() >= max_pages) return;
      if (taken.insert(static_cast<uint32_t>(pgno)).second)
        pgnos.push_back(static_cast<uint32_t>(pgno));
    };
    take(1);
    for (const uint32_t pgno : request_.preload_pgnos) take(pgno);
    for (const PageRange& range : request_.preload_ranges) {
      const uint64_t end =
          std::min(uint64_t{range.first_pgno} + range.count, uint64_t{head_.size_pages} + 1);
      for (uint64_t pgno = range.first_pgno; pgno < end && pgnos.size() < max_pages; ++pgno)
        take(pgno);
    }
    if (pgnos.size() == max_pages) probe(core_.runtime, Probe::kPreloadCut);
    return pgnos;
  }

  EngineCore& core_;
  ActorState& state_;
  const TakeoverRequest& request_;

  bool tried_ = false;

  // Of the newest attempt.
  HeadView seen_;  // as read
  Head head_;      // as read, or as written
  PageIndex index_;
  uint64_t live_deltas_ = 0;
  uint64_t live_bytes_ = 0;
  std::optional<Head> first_seen_;  // of a planted defect
};

}  // namespace

Reply take_over(EngineCore& core, ActorId actor, const TakeoverRequest& request) {
  Pin state(core.actors, core.state_of(actor));
  if (planted(Defect::kFailedStartStaysOpen)) {
    if (state->starting)
      return error_reply({}, {ErrorCode::kUnavailable, "the actor is already open"});
    state->starting = true;
  }
  Reply reply = TakeoverOperation(core, *state, request).run();
  const Error* error = std::get_if<Error>(&reply.body);
  if (error == nullptr) state->starting = state->closed = false;
  if (planted(Defect::kFailedStartStaysOpen) && error != nullptr)
    state->closed = state->closed || error->code == ErrorCode::kSuperseded;
  return reply;
}

}  // namespace squall
