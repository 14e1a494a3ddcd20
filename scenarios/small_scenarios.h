// The small scenarios, one file each: what each is for stands in its row in scenarios.cc.
#pragma once

#include "sim/plan.h"

namespace squall::scenarios {

sim::Plan make_autocommit_head_consistency(uint64_t seed);
sim::Plan make_close_and_reopen(uint64_t seed);
sim::Plan make_interleaved_actors(uint64_t seed);
sim::Plan make_large_transactions(uint64_t seed);
sim::Plan make_commit_races_compaction(uint64_t seed);
sim::Plan make_takeover_storm(uint64_t seed);
sim::Plan make_shrink_and_regrow(uint64_t seed);
sim::Plan make_lost_replies(uint64_t seed);
sim::Plan make_cold_start(uint64_t seed);
sim::Plan make_fence_errors_under_load(uint64_t seed);
sim::Plan make_original_store(uint64_t seed);

}  // namespace squall::scenarios
