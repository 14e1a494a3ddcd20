// index-backed: every page that a landed commit dirtied has an index row that names its delta, and
// every index row names a delta that holds the page.
//
// Does not check: rows between two quiet points, but for those that a commit wrote.
#pragma once

#include <cstdint>
#include <span>

#include "engine/keys.h"
#include "engine/messages.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/pending_writes.h"
#include "sim/store/simulated_store.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

// The delta has just landed, with these pages. rows: what the commit of the store wrote, where the
// index rows are looked for first; *cursor: how far they are used up, 0 before the first delta.
bool check_landed_index(Judge& judge, const SimulatedStore& store, ActorId actor, DeltaName delta,
                        std::span<const PendingPage> pages, std::span<const StoreRow> rows,
                        size_t* cursor);
// A delta of a landing commit can't be read back.
void report_delta_lost(Judge& judge, ActorId actor, uint64_t txid, const std::string& why);
// A scan found an index row whose delta is gone, unreadable or without the page.
void report_dangling(Judge& judge, ActorId actor, uint32_t pgno, DeltaName delta,
                     const std::string& why);

}  // namespace squall::sim
