// growth-explicit: a commit that makes the database larger carries every new page, also those that
// SQLite never wrote. So a page that is found nowhere is always corruption.
//
// Does not check: what the new pages hold (page-images).
#pragma once

#include <cstdint>
#include <span>

#include "engine/messages.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/pending_writes.h"

namespace squall::sim {

bool check_growth(Judge& judge, ActorId actor, uint64_t txid, std::span<const PendingPage> landed,
                  uint32_t old_size_pages, uint32_t new_size_pages);

}  // namespace squall::sim
