// What the operations of one engine node share: the seams, the caches, the bookkeeping. Internal to
// engine/.
#pragma once

#include "engine/actor_rows.h"
#include "engine/actor_table.h"
#include "engine/blob_cache.h"
#include "engine/compaction_coordinator.h"
#include "engine/engine_options.h"
#include "engine/engine_statistics.h"
#include "engine/ltx_encoder.h"
#include "engine/messages.h"
#include "engine/retry.h"

namespace squall {

struct EngineCore {
  EngineCore(const EngineOptions& engine_options, Database& engine_database,
             Runtime& engine_runtime, PagePool& page_pool);

  const EngineOptions options;
  Database& database;
  Runtime& runtime;
  PagePool& pages;

  ActorTable actors;
  BlobCache blobs;
  // Used between two waits only: tasks interleave at waits.
  ltx::Encoder encoder;
  EngineStatistics statistics;
  CompactionCoordinator compaction;

  // The actor's state; an actor that the node did not know is looked at by compaction when it is
  // idle.
  ActorState& state_of(ActorId actor);
  Result<Attempt> transact(absl::FunctionRef<AttemptResult(Transaction&)> body) {
    return run_transaction(database, runtime, options.retry, body);
  }
};

// --- the operations: one file each ---

Reply take_over(EngineCore& core, ActorId actor, const TakeoverRequest& request);
Reply get_pages(EngineCore& core, ActorId actor, uint64_t generation,
                std::span<const uint32_t> pgnos);
Reply commit(EngineCore& core, ActorId actor, uint64_t generation, const CommitRequest& request);
Reply stage_begin(EngineCore& core, ActorId actor, uint64_t generation,
                  const StageBeginRequest& request);
Reply stage(EngineCore& core, ActorId actor, uint64_t generation, const StageRequest& request);
Reply finalize(EngineCore& core, ActorId actor, uint64_t generation,
               const FinalizeRequest& request);

// --- what they have in common ---

inline Reply error_reply(const HeadView& head, Error error) { return {head, std::move(error)}; }

// Passes a mark (checkpoint.h) within an attempt.
inline Attempted<void> pass(EngineCore& core, Site site) {
  auto passed = checkpoint(core.runtime, site);
  if (!passed) return stop(std::move(passed.error()));
  return {};
}

}  // namespace squall
