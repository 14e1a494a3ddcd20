// generation-monotonic: every new owner is of no older start than the one before, gets a higher
// generation than all before, and finds head and size as the last commit left them. A first owner
// begins an empty history, on the day that it is.
//
// Does not check: whether anybody asked for that owner (no-zombie-commit).
#pragma once

#include <optional>

#include "engine/head.h"
#include "sim/oracle/judge.h"

namespace squall::sim {

// The first head record of the actor. wall_us: the time of day, from which clocks may be off.
bool check_creation_time(Judge& judge, ActorId actor, const Head& first, int64_t wall_us);
// Another owner than before stands in the head record.
bool check_new_owner(Judge& judge, ActorId actor, const std::optional<Head>& before,
                     const Head& after);
// The owner is the same as before.
bool check_same_owner(Judge& judge, ActorId actor, const Head& before, const Head& after);

}  // namespace squall::sim
