// The plans of the witnesses: one each, named after the defect. Everything in them is scripted:
// rates are zero, each fault is a strike at one named moment, so only nominal latencies depend on
// the seed.
#pragma once

#include "sim/plan.h"

namespace squall::scenarios {

sim::Plan witness_commit_reads_head_at_snapshot(uint64_t seed);
sim::Plan witness_compaction_reads_head_at_snapshot(uint64_t seed);
sim::Plan witness_takeover_reads_head_at_snapshot(uint64_t seed);
sim::Plan witness_compaction_writes_stale_head(uint64_t seed);
sim::Plan witness_replayed_start_takes_over(uint64_t seed);
sim::Plan witness_ambiguous_commit_forgotten(uint64_t seed);

sim::Plan witness_store_stamps_plain_set(uint64_t seed);
sim::Plan witness_read_reply_overwrites_head(uint64_t seed);
sim::Plan witness_fetch_before_full_write(uint64_t seed);
sim::Plan witness_finalize_writes_no_index(uint64_t seed);
sim::Plan witness_read_zeroes_when_source_missing(uint64_t seed);
sim::Plan witness_shrink_leaves_rows(uint64_t seed);
sim::Plan witness_compaction_deletes_open_stage(uint64_t seed);
sim::Plan witness_cold_index_load_overwrites(uint64_t seed);

}  // namespace squall::scenarios
