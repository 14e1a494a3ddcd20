#include "sim/oracle/bounded_memory.h"

#include <fmt/format.h>

#include <string>

namespace squall::sim {
namespace {

constexpr auto kBounded = Invariant::kBoundedMemory;
constexpr size_t kMostWorkers = EngineOptions().compaction_workers;

std::string session_excess(const ActorVfs::MemoryUse& use, const Knobs& knobs) {
  if (use.cached_pages > static_cast<size_t>(knobs.page_cache_pages)) {
    return fmt::format("{} pages are cached, {} at most", use.cached_pages, knobs.page_cache_pages);
  }
  if (use.caches_past_end) return "a page past the end is cached";
  return fmt::format("{} pages are buffered outside a transaction", use.buffered_pages);
}

std::string node_excess(const Engine::MemoryUse& use, size_t peak_requests, size_t actors,
                        const Knobs& knobs) {
  // An index in use can't be dropped: as many more as were ever in use at once.
  const size_t indexes =
      static_cast<size_t>(knobs.index_cache_actors) + peak_requests + use.peak_workers;
  if (use.indexes > indexes)
    return fmt::format("{} indexes are cached, {} at most", use.indexes, indexes);
  if (use.blob_bytes > static_cast<uint64_t>(knobs.blob_cache_bytes)) {
    return fmt::format("open blobs take {} bytes, {} at most", use.blob_bytes,
                       knobs.blob_cache_bytes);
  }
  if (use.peak_workers > kMostWorkers) {
    return fmt::format("{} compactions ran at once, {} may", use.peak_workers, kMostWorkers);
  }
  if (use.actors > actors)
    return fmt::format("{} actors are known, and there are {}", use.actors, actors);
  if (use.queued > 2 * actors)
    return fmt::format("{} entries wait for compaction, {} actors", use.queued, actors);
  return {};
}

}  // namespace

void check_session_memory(Judge& judge, const SessionTruth& session, const ActorVfs::MemoryUse& use,
                          const Knobs& knobs) {
  const size_t refused_pages = session.pending.pages().size();
  const bool within = use.cached_pages <= static_cast<size_t>(knobs.page_cache_pages) &&
                      !use.caches_past_end && use.buffered_pages <= refused_pages;
  judge.expect(within, kBounded, "session", [&] {
    return fmt::format("actor {} (start {}, head {}): {}", session.actor,
                       session.owner.start_sequence, session.head_txid, session_excess(use, knobs));
  });
}

void check_node_memory(Judge& judge, uint32_t node, const Engine::MemoryUse& use,
                       size_t peak_requests, size_t actors, const Knobs& knobs) {
  const std::string excess = node_excess(use, peak_requests, actors, knobs);
  judge.expect(excess.empty(), kBounded, "node",
               [&] { return fmt::format("node {}: {}", node, excess); });
}

void check_node_idle(Judge& judge, uint32_t node, ActorId actor, uint32_t pins) {
  judge.expect(pins == 0, kBounded, "idle-node", [&] {
    return fmt::format("node {}: nothing goes on there, and actor {} is held {} times", node, actor,
                       pins);
  });
}

void check_node_forgets(Judge& judge, uint32_t node, const Engine::MemoryUse& use) {
  judge.expect(use.actors <= use.indexes + use.queued, kBounded, "idle-node", [&] {
    return fmt::format(
        "node {}: nothing goes on there, and it knows {} actors; {} indexes are cached, {} actors "
        "wait for compaction",
        node, use.actors, use.indexes, use.queued);
  });
}

bool check_staged_bytes(Judge& judge, ActorId actor, const StageRow& stage, const Knobs& knobs) {
  const auto most = static_cast<uint64_t>(knobs.max_staged_bytes);
  return judge.expect(stage.stored_bytes <= most, kBounded, "stage", [&] {
    return fmt::format("actor {}: the stage of commit {} takes {} bytes, {} at most", actor,
                       stage.txid, stage.stored_bytes, most);
  });
}

bool check_stage_expected(Judge& judge, const SimulatedStore& store, const ActorTruth& actor) {
  if (!actor.head->stage_open()) return true;
  const Key key = stage_key(actor.actor);
  const StoreValue value = store.peek(key);
  const auto stage =
      value ? decode_stage_row(actor.actor, key, *value) : Result<StageRow>(StageRow{});
  const SessionTruth& owner = *actor.owner;
  const bool refused = stage && stage->commit_id.session == owner.owner.nonce &&
                       stage->commit_id.sequence <= owner.last_refused_sequence;
  const bool foreign = stage && stage->commit_id.sequence >= kFirstForeignSequence;
  return judge.expect(refused || foreign, kBounded, "stage-left", [&] {
    return fmt::format(
        "actor {} at head {}: all is over, and a stage is open that nobody will finish",
        actor.actor, actor.head->head_txid);
  });
}

}  // namespace squall::sim
