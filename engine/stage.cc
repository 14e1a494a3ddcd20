// The staged path of a commit that is too large for one transaction: stage begin opens it, each
// chunk is checked and stored as it comes, finalize.cc makes it the head. A stage belongs to one
// commit id; all of it is rows of the actor above its head, which nothing refers to before the
// finalize.
#include <fmt/format.h>

#include "engine/head_change.h"
#include "engine/index_access.h"
#include "engine/planted.h"
#include "engine/staging.h"

namespace squall {
namespace {

// What stage begin and stage have in common: fence, recognising, answering.
class StageOperation {
 public:
  StageOperation(EngineCore& core, ActorState& state, uint64_t generation, uint64_t head_txid,
                 const CommitId& id)
      : core_(core), state_(state), generation_(generation), head_txid_(head_txid), id_(id) {}

  Reply run(absl::FunctionRef<AttemptResult(Transaction&)> body, std::optional<Site> after) {
    auto result = core_.transact(body);
    const HeadView view = head_ ? head_->view() : HeadView{};
    if (!result) return error_reply(view, std::move(result.error()));
    if (after && *result == Attempt::kCommit) {
      if (auto passed = checkpoint(core_.runtime, *after); !passed)
        return error_reply(view, std::move(passed.error()));
    }
    return {view, DoneReply{}};
  }

  // kAnswered: the commit has landed already, all its stage requests are answered.
  AttemptResult open(Transaction& transaction) {
    auto head = load_head(transaction, state_.actor, commit_read_mode());
    if (!head) return stop(std::move(head.error()));
    head_ = *head;
    if (head_ && already_landed(*head_, id_)) return Attempt::kAnswered;
    if (auto checked =
            check_stage_fence(core_, head_, generation_, head_txid_, Probe::kStageFenced);
        !checked) {
      return stop(std::move(checked.error()));
    }
    stage_.reset();
    if (!head_->stage_open()) return Attempt::kCommit;
    auto stage = load_stage(transaction, state_.actor, commit_read_mode());
    if (!stage) return stop(std::move(stage.error()));
    stage_ = *stage;
    return Attempt::kCommit;
  }

  bool stage_is_ours() const {
    return stage_ && stage_->commit_id == id_ && stage_->generation == generation_;
  }

  // Writes stage row and head, and ends the attempt.
  AttemptResult finish(RowWriter& writer, const StageRow& stage, bool replaces, Site before) {
    const Key key = stage_key(state_.actor);
    const uint64_t replaced = replaces ? key.size() + kStageValueBytes : 0;
    writer.put(key, encode_stage_row(state_.actor, key, stage), replaced);
    Head head = *head_;
    head.next_txid = head.head_txid + 2;
    writer.put_head(state_.actor, &head);
    if (auto checked = check_writes(writer); !checked) return stop(std::move(checked.error()));
    if (auto passed = pass(core_, before); !passed) return stop(std::move(passed.error()));
    return Attempt::kCommit;
  }

  ActorId actor() const { return state_.actor; }
  uint64_t txid() const { return head_txid_ + 1; }
  const std::optional<StageRow>& stage() const { return stage_; }

 private:
  EngineCore& core_;
  ActorState& state_;
  const uint64_t generation_;
  const uint64_t head_txid_;
  const CommitId& id_;

  std::optional<Head> head_;
  std::optional<StageRow> stage_;
};

// Recognises itself by the stage row: it names the commit.
AttemptResult begin_stage(EngineCore& core, StageOperation& operation, Transaction& transaction,
                          uint64_t generation, const StageBeginRequest& request) {
  const auto opened = operation.open(transaction);
  if (!opened || *opened == Attempt::kAnswered) return opened;
  if (operation.stage_is_ours()) {
    probe(core.runtime, Probe::kStageBeginRepeated);
    return Attempt::kAnswered;
  }
  RowWriter writer(transaction);
  const bool frees = operation.stage() && !planted(Defect::kStagesNeverFreed);
  if (frees) discard_stage(writer, operation.actor(), *operation.stage());
  const StageRow stage{request.commit_id, operation.txid(), generation, 0};
  return operation.finish(writer, stage, false, Site::kStageBeginBeforeStoreCommit);
}

// A chunk's blob as it came, checked.
Result<StageChunkRow> check_chunk(const EngineOptions& options, const StageRequest& request) {
  if (request.blob.size() > options.max_stage_chunk_bytes) {
    return fail(ErrorCode::kTooLarge,
                fmt::format("a chunk of {} bytes is above the largest of {}", request.blob.size(),
                            options.max_stage_chunk_bytes));
  }
  auto blob = ltx::OpenedBlob::open(request.blob);
  if (!blob) {
    return fail(ErrorCode::kInvalidRequest,
                "a chunk that is no LTX file: " + blob.error().message());
  }
  const ltx::Header wanted = delta_header(request.head_txid, 0, 0);
  const ltx::Header& header = blob->header();
  const bool fits = header.page_size_bytes == wanted.page_size_bytes &&
                    header.flags == wanted.flags && header.min_txid == wanted.min_txid &&
                    header.max_txid == wanted.max_txid;
  if (!fits)
    return fail(ErrorCode::kInvalidRequest, "a chunk whose header is not that of its commit");
  if (blob->pages().empty()) return fail(ErrorCode::kInvalidRequest, "a chunk without pages");
  StageChunkRow row;
  row.file_checksum = blob->file_checksum();
  row.pgnos.reserve(blob->pages().size());
  for (const ltx::PageEntry& entry : blob->pages()) row.pgnos.push_back(entry.pgno);
  return row;
}

uint64_t chunk_bytes(const StageChunkRow& row) {
  const uint64_t manifest =
      kStageChunkKeyBytes + kStageChunkFixedBytes + row.pgnos.size() * sizeof(uint32_t);
  return manifest + row.stored_bytes + kDeltaKeyBytes + kSizeValueBytes;
}

// Recognises itself by the chunk's manifest row: it has the blob's checksum.
AttemptResult store_chunk(EngineCore& core, StageOperation& operation, Transaction& transaction,
                          const StageRequest& request, StageChunkRow row) {
  const auto opened = operation.open(transaction);
  if (!opened || *opened == Attempt::kAnswered) return opened;
  if (!operation.stage_is_ours()) {
    probe(core.runtime, Probe::kStageNotOpen);
    return stop(Error{ErrorCode::kStageIncomplete, "the stage of this commit is not open"});
  }
  const ActorId actor = operation.actor();
  const Key manifest_key = stage_chunk_key(actor, request.chunk);
  auto present = transaction.get(manifest_key, commit_read_mode());
  if (!present) return stop(present.error());
  std::optional<StageChunkRow> old;
  if (*present) {
    auto decoded = decode_stage_chunk_row(actor, manifest_key, **present);
    if (!decoded) return stop(std::move(decoded.error()));
    old = std::move(*decoded);
    if (planted(Defect::kStagedChunkCountedTwice)) {
      old.reset();
      present->reset();
    } else if (old->file_checksum == row.file_checksum) {
      probe(core.runtime, Probe::kStageChunkRepeated);
      return Attempt::kAnswered;
    }
  }

  RowWriter writer(transaction);
  const DeltaName name{operation.txid(), request.chunk};
  const Key size_key = delta_size_key(actor, name);
  SizeRow old_size;
  if (old) old_size = {old->pgnos.back(), old->pieces, old->stored_bytes};
  SizeRow size = put_blob(writer, delta_key(actor, name), request.blob, core.options.blob,
                          old ? &old_size : nullptr);
  size.last_pgno = row.pgnos.back();
  row.stored_bytes = size.stored_bytes;
  row.pieces = size.pieces;
  writer.put(size_key, encode_size_row(actor, size_key, size),
             old ? size_key.size() + kSizeValueBytes : 0);
  writer.put(manifest_key, encode_stage_chunk_row(actor, manifest_key, row),
             *present ? manifest_key.size() + (*present)->size() : 0);

  StageRow stage = *operation.stage();
  stage.stored_bytes += chunk_bytes(row) - (old ? chunk_bytes(*old) : 0);
  if (stage.stored_bytes > core.options.max_staged_bytes) {
    return stop(Error{ErrorCode::kTooLarge,
                      fmt::format("the staged commit would take {} bytes of at most {}",
                                  stage.stored_bytes, core.options.max_staged_bytes)});
  }
  return operation.finish(writer, stage, true, Site::kStageBeforeStoreCommit);
}

}  // namespace

Reply stage_begin(EngineCore& core, ActorId actor, uint64_t generation,
                  const StageBeginRequest& request) {
  Pin state(core.actors, core.state_of(actor));
  if (auto turn = core.compaction.wait_for_turn(*state); !turn)
    return error_reply({}, std::move(turn.error()));
  StageOperation operation(core, *state, generation, request.head_txid, request.commit_id);
  return operation.run(
      [&](Transaction& transaction) {
        return begin_stage(core, operation, transaction, generation, request);
      },
      std::nullopt);
}

Reply stage(EngineCore& core, ActorId actor, uint64_t generation, const StageRequest& request) {
  auto row = check_chunk(core.options, request);
  if (!row) return error_reply({}, std::move(row.error()));
  Pin state(core.actors, core.state_of(actor));
  if (auto turn = core.compaction.wait_for_turn(*state); !turn)
    return error_reply({}, std::move(turn.error()));
  StageOperation operation(core, *state, generation, request.head_txid, request.commit_id);
  return operation.run(
      [&](Transaction& transaction) {
        return store_chunk(core, operation, transaction, request, *row);
      },
      Site::kStageAfterStoreCommit);
}

}  // namespace squall
