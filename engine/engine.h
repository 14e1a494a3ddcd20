// One node of the storage engine. Nodes share nothing but the store; any node may be asked about
// any actor.
#pragma once

#include <cstddef>
#include <memory>

#include "engine/engine_options.h"
#include "engine/engine_statistics.h"
#include "engine/messages.h"
#include "engine/page.h"
#include "engine/runtime.h"
#include "engine/store.h"

namespace squall {

struct EngineCore;

// What a compaction pass did (compaction.h).
enum class PassOutcome : uint8_t {
  kConverged,  // nothing was left to do
  kFolded,     // wrote; there may be more
  kStale,      // the actor changed in a way that made the pass void; another may be tried
};

class Engine {
 public:
  // database, runtime and pages outlive the engine; the engine outlives every task that it spawned
  // and every call of handle: a node that dies unwinds them first.
  Engine(const EngineOptions& options, Database& database, Runtime& runtime, PagePool& pages);
  ~Engine();

  // Spawns the compaction coordinator.
  void start();

  // Serves one request; waits for the store. Calls may overlap, also for one actor.
  Reply handle(const Request& request);
  // Whether the node closes the connection after this answer. Many actors share it, so an error is
  // no reason: that is its own actor's affair.
  static bool ends_connection(const Reply& reply);

  // Sets an actor's quota in bytes. kInvalidRequest: no such actor.
  Result<HeadView> set_storage_max(ActorId actor, uint64_t storage_max);

  // One compaction pass now, for tools and tests. A worker may be at it as well; then one of the
  // two finds its pass stale.
  Result<PassOutcome> compact(ActorId actor);

  const EngineStatistics& statistics() const;
  // Memory that the node holds: actors known, indexes cached, bytes of open blobs, actors that wait
  // for compaction (each at most twice), and the workers that ever ran at once.
  struct MemoryUse {
    size_t actors;
    size_t indexes;
    uint64_t blob_bytes;
    size_t queued;
    size_t peak_workers;
  };
  MemoryUse memory_use() const;
  // How many operations hold the actor's state right now.
  uint32_t pins(ActorId actor) const;
  // No compaction is under way.
  bool compaction_idle() const;

 private:
  std::unique_ptr<EngineCore> core_;
};

}  // namespace squall
