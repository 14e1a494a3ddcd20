// shrink-clean: once a commit has made the database smaller, no index row and no whole shard is
// left past its end.
//
// Does not check: pages past the end inside deltas and the boundary shard, which can't be reached.
#pragma once

#include <cstdint>

#include "engine/messages.h"
#include "sim/oracle/judge.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

// At any time: the database has size_pages. site: what made the oracle look.
bool check_nothing_past_end(Judge& judge, const SimulatedStore& store, ActorId actor,
                            uint32_t size_pages, std::string_view site);

}  // namespace squall::sim
