#include "engine/engine.h"

#include <fmt/format.h>

#include "engine/assert.h"
#include "engine/compaction.h"
#include "engine/engine_core.h"
#include "engine/message_check.h"
#include "engine/planted.h"
#include "engine/row_writer.h"

namespace squall {
namespace {

constexpr uint32_t kMinPieceBytes = 1000;
constexpr uint32_t kMaxShardsPerPass = 24;
constexpr uint64_t kMaxTransactionPayload = 8 << 20;

void check_options(const EngineOptions& options) {
  SQUALL_ASSERT(options.blob.inline_bytes > kMarkerBytes);
  SQUALL_ASSERT(options.blob.inline_bytes <= kMaxValueBytes);
  SQUALL_ASSERT(options.blob.piece_bytes >= kMinPieceBytes);
  SQUALL_ASSERT(options.blob.piece_bytes <= kMaxValueBytes);
  SQUALL_ASSERT(options.max_delta_bytes <= kMaxTransactionPayload);
  SQUALL_ASSERT(options.max_stage_chunk_bytes <= kMaxTransactionPayload);
  SQUALL_ASSERT(options.shards_per_pass >= 1);
  SQUALL_ASSERT(options.shards_per_pass <= kMaxShardsPerPass);
  SQUALL_ASSERT(options.retry.max_attempts >= 1);
  SQUALL_ASSERT(options.compaction_workers >= 1);
}

Reply serve(EngineCore& core, const Request& request, const TakeoverRequest& body) {
  return take_over(core, request.actor, body);
}
Reply serve(EngineCore& core, const Request& request, const GetPagesRequest& body) {
  return get_pages(core, request.actor, request.generation, body.pgnos);
}
Reply serve(EngineCore& core, const Request& request, const CommitRequest& body) {
  return commit(core, request.actor, request.generation, body);
}
Reply serve(EngineCore& core, const Request& request, const StageBeginRequest& body) {
  return stage_begin(core, request.actor, request.generation, body);
}
Reply serve(EngineCore& core, const Request& request, const StageRequest& body) {
  return stage(core, request.actor, request.generation, body);
}
Reply serve(EngineCore& core, const Request& request, const FinalizeRequest& body) {
  return finalize(core, request.actor, request.generation, body);
}

}  // namespace

EngineCore::EngineCore(const EngineOptions& engine_options, Database& engine_database,
                       Runtime& engine_runtime, PagePool& page_pool)
    : options(engine_options),
      database(engine_database),
      runtime(engine_runtime),
      pages(page_pool),
      actors(engine_options.cached_actors, engine_runtime),
      blobs(engine_options.cached_blob_bytes, engine_runtime),
      encoder(engine_options.lz4_acceleration),
      compaction(*this) {
  check_options(engine_options);
}

ActorState& EngineCore::state_of(ActorId actor) {
  bool created = false;
  ActorState& state = actors.get(actor, &created);
  if (created) compaction.note_touched(state);
  return state;
}

Engine::Engine(const EngineOptions& options, Database& database, Runtime& runtime, PagePool& pages)
    : core_(std::make_unique<EngineCore>(options, database, runtime, pages)) {}

Engine::~Engine() = default;

void Engine::start() { core_->compaction.start(); }

Reply Engine::handle(const Request& request) {
  if (auto checked = check_request(request); !checked)
    return error_reply({}, std::move(checked.error()));
  return std::visit([&](const auto& body) { return serve(*core_, request, body); }, request.body);
}

bool Engine::ends_connection(const Reply& reply) {
  const Error* error = std::get_if<Error>(&reply.body);
  return error != nullptr && error->code != ErrorCode::kUnavailable &&
         planted(Defect::kErrorClosesConnection);
}

Result<HeadView> Engine::set_storage_max(ActorId actor, uint64_t storage_max) {
  HeadView view;
  auto result = core_->transact([&](Transaction& transaction) -> AttemptResult {
    auto head = load_head(transaction, actor, ReadMode::kSerializable);
    if (!head) return stop(std::move(head.error()));
    if (!*head)
      return stop(Error{ErrorCode::kInvalidRequest, fmt::format("actor {} does not exist", actor)});
    Head changed = **head;
    view = changed.view();
    if (changed.storage_max == storage_max) return Attempt::kAnswered;
    changed.storage_max = storage_max;
    RowWriter writer(transaction);
    writer.put_head(actor, &changed);
    if (writer.error()) return stop(*writer.error());
    return Attempt::kCommit;
  });
  if (!result) return Failure(std::move(result.error()));
  return view;
}

Result<PassOutcome> Engine::compact(ActorId actor) {
  Pin state(core_->actors, core_->state_of(actor));
  auto pass = run_pass(*core_, *state);
  if (!pass) return Failure(std::move(pass.error()));
  return pass->outcome;
}

const EngineStatistics& Engine::statistics() const { return core_->statistics; }

Engine::MemoryUse Engine::memory_use() const {
  return {core_->actors.size(), core_->actors.indexed(), core_->blobs.size_bytes(),
          core_->compaction.queued(), core_->compaction.peak_workers()};
}

uint32_t Engine::pins(ActorId actor) const {
  const ActorState* state = core_->actors.find(actor);
  return state != nullptr ? state->pins : 0;
}

bool Engine::compaction_idle() const { return core_->compaction.workers() == 0; }

}  // namespace squall
