#include "engine/compaction.h"

#include <map>
#include <utility>

#include "engine/planted.h"
#include "engine/row_writer.h"
#include "engine/shard_folder.h"

namespace squall {
namespace {

constexpr int64_t kChaseUs = 50'000;  // of a planted defect

class CompactionPass {
 public:
  CompactionPass(EngineCore& core, ActorState& state) : core_(core), state_(state) {}

  Result<PassResult> run() {
    if (auto passed = checkpoint(core_.runtime, Site::kCompactBeforeSnapshot); !passed) {
      return Failure(std::move(passed.error()));
    }
    auto read =
        core_.transact([this](Transaction& transaction) { return read_snapshot(transaction); });
    if (!read) return Failure(std::move(read.error()));
    if (!exists_) return PassResult{};
    PassResult result{PassOutcome::kConverged, rows_.head.head_txid, plan_.remaining_deltas,
                      plan_.remaining_bytes};
    if (!plan_.has_work(rows_.head)) return result;
    if (auto folded = fold(); !folded) return Failure(std::move(folded.error()));
    auto written = core_.transact([this](Transaction& transaction) { return write(transaction); });
    // Planted: the plan stays, and is checked again and again.
    while (planted(Defect::kCompactionChasesHead) && written && *written == Attempt::kAnswered) {
      if (core_.runtime.sleep_us(kChaseUs) == WaitStatus::kProcessDead) break;
      written = core_.transact([this](Transaction& transaction) { return write(transaction); });
    }
    if (!written) return Failure(std::move(written.error()));
    if (*written == Attempt::kAnswered) {
      ++core_.statistics.compaction_stale;
      result.outcome = PassOutcome::kStale;
      return result;
    }
    landed();
    if (auto passed = checkpoint(core_.runtime, Site::kCompactAfterStoreCommit); !passed) {
      return Failure(std::move(passed.error()));
    }
    result.outcome = PassOutcome::kFolded;
    return result;
  }

 private:
  // Rows and blobs at one read version.
  AttemptResult read_snapshot(Transaction& transaction) {
    exists_ = false;
    auto rows = load_rows(transaction, state_.actor, ReadMode::kSnapshot);
    if (!rows) return stop(std::move(rows.error()));
    if (!*rows) return Attempt::kAnswered;
    exists_ = true;
    rows_ = std::move(**rows);
    plan_ = plan_compaction(rows_, core_.options);
    mark_plan();
    core_.actors.install(state_, rows_.head, rows_.index);
    if (auto passed = pass(core_, Site::kCompactAfterSnapshot); !passed)
      return stop(std::move(passed.error()));
    folder_.emplace(core_, state_.actor, rows_.head);
    for (const ShardFold& fold : plan_.folds) folder_->add(fold);
    if (auto read = folder_->fetch(transaction); !read) return stop(read.error());
    if (auto passed = pass(core_, Site::kCompactAfterBlobs); !passed)
      return stop(std::move(passed.error()));
    return Attempt::kAnswered;
  }

  void mark_plan() {
    constexpr uint64_t kManyDeltas = 48;
    if (rows_.stage && !rows_.deltas.empty() &&
        rows_.deltas.rbegin()->first.txid > rows_.head.head_txid) {
      probe(core_.runtime, Probe::kPassMeetsOpenStage);
    }
    if (plan_.remaining_deltas > 0) probe(core_.runtime, Probe::kPassLeavesDeltas);
    if (plan_.remaining_deltas + plan_.dead.size() >= kManyDeltas) {
      probe(core_.runtime, Probe::kPassOverManyDeltas);
    }
    if (!plan_.folds.empty() && plan_.folds.back().pages.empty())
      probe(core_.runtime, Probe::kPassTrimsBoundary);
  }

  Result<void> fold() {
    auto folded = folder_->fold();
    if (!folded) return Failure(std::move(folded.error()));
    folded_ = std::move(*folded);
    folder_.reset();
    return checkpoint(core_.runtime, Site::kCompactAfterFold);
  }

  // kAnswered: the pass is stale. That is also how it recognises itself after an unknown outcome:
  // the epoch moved on, by this pass or another; either way the next snapshot tells what is left.
  AttemptResult write(Transaction& transaction) {
    if (std::exchange(tried_, true)) probe(core_.runtime, Probe::kPassTriedAgain);
    auto present = read_present(transaction);
    if (!present) return stop(std::move(present.error()));
    if (auto passed = pass(core_, Site::kCompactAfterHeadRead); !passed)
      return stop(std::move(passed.error()));
    if (!*present) return Attempt::kAnswered;
    RowWriter writer(transaction);
    write_rows(writer);
    after_ = planted(Defect::kCompactionWritesStaleHead) ? rows_.head : before_;
    after_.materialized_txid = plan_.materialized_txid;
    ++after_.compaction_epoch;
    writer.put_head(state_.actor, &after_);
    if (writer.error()) return stop(*writer.error());
    if (auto passed = pass(core_, Site::kCompactBeforeStoreCommit); !passed)
      return stop(std::move(passed.error()));
    return Attempt::kCommit;
  }

  // Head and folded index rows as they are now; false when the pass is stale.
  Attempted<bool> read_present(Transaction& transaction) {
    const ReadMode mode = planted(Defect::kCompactionReadsHeadAtSnapshot) ? ReadMode::kSnapshot
                                                                          : ReadMode::kSerializable;
    std::vector<Key> keys{head_key(state_.actor)};
    for (const FoldedShard& shard : folded_) {
      for (const FoldedPage& page : shard.pages) keys.push_back(index_key(state_.actor, page.pgno));
    }
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    std::vector<std::optional<SharedBytes>> values;
    if (auto read = transaction.get_many(views, mode, &values); !read) return stop(read.error());
    if (!values[0]) return false;
    auto head = decode_head(state_.actor, *values[0]);
    if (!head) return stop(std::move(head.error()));
    before_ = *head;
    if (!still_valid()) return false;
    return find_consumed(keys, values);
  }

  bool still_valid() const {
    if (planted(Defect::kCompactionWritesStaleHead)) return true;
    const Head& then = rows_.head;
    if (before_.generation != then.generation) probe(core_.runtime, Probe::kPassFindsNewOwner);
    if (before_.compaction_epoch != then.compaction_epoch)
      probe(core_.runtime, Probe::kPassFindsNewEpoch);
    if (before_.last_shrink_txid != then.last_shrink_txid)
      probe(core_.runtime, Probe::kPassFindsShrink);
    if (before_.head_txid > then.head_txid) probe(core_.runtime, Probe::kPassFindsNewHead);
    if (planted(Defect::kCompactionChasesHead) && before_.head_txid != then.head_txid) return false;
    if (planted(Defect::kTwoCoordinatorsFoldTwice))
      return before_.last_shrink_txid == then.last_shrink_txid;
    return before_.generation == then.generation &&
           before_.compaction_epoch == then.compaction_epoch &&
           before_.last_shrink_txid == then.last_shrink_txid && before_.head_txid >= then.head_txid;
  }

  // The index rows that still name what was folded.
  Attempted<bool> find_consumed(const std::vector<Key>& keys,
                                const std::vector<std::optional<SharedBytes>>& values) {
    consumed_.clear();
    size_t i = 1;
    for (const FoldedShard& shard : folded_) {
      for (const FoldedPage& page : shard.pages) {
        const size_t at = i++;
        if (!values[at]) continue;
        auto row = decode_index_row(state_.actor, keys[at], *values[at]);
        if (!row && planted(Defect::kDeleteNotCredited)) continue;
        if (!row) return stop(std::move(row.error()));
        if (row->delta() == page.from.delta()) {
          consumed_.push_back(page.pgno);
        } else {
          probe(core_.runtime, Probe::kPassKeepsNewerRow);
        }
      }
    }
    return true;
  }

  void write_rows(RowWriter& writer) {
    const ActorId actor = state_.actor;
    for (const FoldedShard& shard : folded_) write_shard(writer, shard);
    for (const uint32_t pgno : consumed_) writer.remove(index_key(actor, pgno), kIndexRowBytes);
    for (const auto& [name, size] : plan_.dead) {
      remove_blob(writer, delta_key(actor, name), size);
      writer.remove(delta_size_key(actor, name), kDeltaKeyBytes + kSizeValueBytes);
    }
  }

  void write_shard(RowWriter& writer, const FoldedShard& shard) {
    const Key key = shard_key(state_.actor, shard.shard);
    const Key size_key = shard_size_key(state_.actor, shard.shard);
    const uint64_t old_size_row = shard.old != nullptr ? size_key.size() + kSizeValueBytes : 0;
    if (shard.last_pgno == 0) {
      if (shard.old == nullptr) return;
      remove_blob(writer, key, *shard.old);
      writer.remove(size_key, old_size_row);
      return;
    }
    SharedBytes& value = shard_values_[shard.shard];
    SizeRow size = put_blob(writer, key, shard.blob, core_.options.blob, shard.old, &value);
    if (shard.old != nullptr && shard.old->pieces > size.pieces)
      probe(core_.runtime, Probe::kPassShrinksPieces);
    size.last_pgno = shard.last_pgno;
    writer.put(size_key, encode_size_row(state_.actor, size_key, size), old_size_row);
  }

  // The write landed: this node's cached index follows, if it is the one that the write changed.
  void landed() {
    ++core_.statistics.compaction_passes;
    core_.statistics.shards_written += folded_.size();
    core_.statistics.deltas_deleted += plan_.dead.size();
    for (const auto& [name, size] : plan_.dead) core_.blobs.forget(delta_key(state_.actor, name));
    for (const FoldedShard& shard : folded_) {
      const uint32_t pieces = piece_count(shard.blob.size(), core_.options.blob);
      if (pieces > 0) state_.shard_pieces[shard.shard] = pieces;
      if (SharedBytes& value = shard_values_[shard.shard]; !value.empty()) {
        core_.blobs.keep_just_written(shard_key(state_.actor, shard.shard), std::move(value),
                                      *shard.scanned);
      }
    }
    if (!state_.index_is_of(tag_of(before_)) || planted(Defect::kCompactionLeavesIndexStale))
      return;
    for (const uint32_t pgno : consumed_) state_.index.erase(pgno);
    state_.head = after_;
  }

  EngineCore& core_;
  ActorState& state_;

  // At the snapshot.
  bool exists_ = false;
  ActorRows rows_;
  CompactionPlan plan_;
  std::optional<ShardFolder> folder_;
  std::vector<FoldedShard> folded_;

  bool tried_ = false;

  // Of the newest write attempt.
  Head before_;
  Head after_;
  std::vector<uint32_t> consumed_;
  std::map<uint32_t, SharedBytes> shard_values_;  // of shards that are one value each
};

}  // namespace

Result<PassResult> run_pass(EngineCore& core, ActorState& state) {
  return CompactionPass(core, state).run();
}

}  // namespace squall
