// bounded-memory: caches, queues and stages keep the bounds that the knobs set, and what is over is
// given back: between transactions a session buffers nothing but what a refused commit left, and
// caches no page past the end, an idle node holds on to no actor, and no stage stays open that
// nobody will finish.
//
// Does not check: memory of SQLite; pages that messages in flight carry; what the simulator itself
// keeps.
#pragma once

#include "engine/engine.h"
#include "engine/rows.h"
#include "sim/knobs.h"
#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"
#include "sim/store/simulated_store.h"
#include "vfs/actor_vfs.h"

namespace squall::sim {

// A session stands between two transactions.
void check_session_memory(Judge& judge, const SessionTruth& session, const ActorVfs::MemoryUse& use,
                          const Knobs& knobs);
// A node has answered a request. peak_requests: served at once there, at most, since it started.
void check_node_memory(Judge& judge, uint32_t node, const Engine::MemoryUse& use,
                       size_t peak_requests, size_t actors, const Knobs& knobs);
// A node serves nobody and compacts nothing.
void check_node_idle(Judge& judge, uint32_t node, ActorId actor, uint32_t pins);
// The same: it knows actors whose index it caches, and those that wait for compaction.
void check_node_forgets(Judge& judge, uint32_t node, const Engine::MemoryUse& use);
// A stage operation landed.
bool check_staged_bytes(Judge& judge, ActorId actor, const StageRow& stage, const Knobs& knobs);
// Every client has been served: an open stage is of a commit that was refused, or of somebody who
// is no session, and goes with the next one.
bool check_stage_expected(Judge& judge, const SimulatedStore& store, const ActorTruth& actor);

}  // namespace squall::sim
