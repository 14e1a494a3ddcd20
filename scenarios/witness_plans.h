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
sim::Plan witness_blob_checksum_ignored(uint64_t seed);

sim::Plan witness_failed_commit_leaves_file_alive(uint64_t seed);
sim::Plan witness_lost_reply_taken_for_refusal(uint64_t seed);
sim::Plan witness_lost_sync_reply_rolled_back(uint64_t seed);
sim::Plan witness_hung_commit_never_ends(uint64_t seed);
sim::Plan witness_lost_connection_taken_for_success(uint64_t seed);
sim::Plan witness_error_closes_connection(uint64_t seed);
sim::Plan witness_refused_commit_id_reused(uint64_t seed);
sim::Plan witness_cache_adopts_before_commit(uint64_t seed);

sim::Plan witness_no_batch_probe(uint64_t seed);
sim::Plan witness_unbounded_page_cache(uint64_t seed);
sim::Plan witness_success_leaves_error_text(uint64_t seed);
sim::Plan witness_empty_commit_reaches_engine(uint64_t seed);
sim::Plan witness_truncate_leaves_cached_page(uint64_t seed);
sim::Plan witness_close_commits_open_transaction(uint64_t seed);
sim::Plan witness_synchronous_off_allowed(uint64_t seed);
sim::Plan witness_wal_allowed(uint64_t seed);
sim::Plan witness_second_spill_lost(uint64_t seed);

sim::Plan witness_store_limits_not_enforced(uint64_t seed);
sim::Plan witness_inline_limit_off_by_one(uint64_t seed);
sim::Plan witness_scan_merges_writes_past_end(uint64_t seed);
sim::Plan witness_twelve_byte_versionstamp(uint64_t seed);
sim::Plan witness_no_snapshot_per_transaction(uint64_t seed);
sim::Plan witness_version_before_visibility(uint64_t seed);
sim::Plan witness_limited_scan_conflicts_too_little(uint64_t seed);
sim::Plan witness_reverse_scan_returns_lowest(uint64_t seed);
sim::Plan witness_exhausted_scan_misses_phantoms(uint64_t seed);
sim::Plan witness_old_conflicts_forgotten(uint64_t seed);

sim::Plan witness_takeover_loses_race(uint64_t seed);
sim::Plan witness_failed_start_stays_open(uint64_t seed);
sim::Plan witness_old_start_resurrects(uint64_t seed);
sim::Plan witness_late_write_reopens(uint64_t seed);
sim::Plan witness_fences_dropped(uint64_t seed);
sim::Plan witness_absent_head_skips_fence(uint64_t seed);
sim::Plan witness_stage_ignores_generation(uint64_t seed);
sim::Plan witness_read_fault_taken_for_empty(uint64_t seed);
sim::Plan witness_finalize_rewrites_blob(uint64_t seed);
sim::Plan witness_stages_never_freed(uint64_t seed);
sim::Plan witness_staged_chunk_counted_twice(uint64_t seed);
sim::Plan witness_commit_known_by_sequence(uint64_t seed);

sim::Plan witness_compaction_leaves_index_stale(uint64_t seed);
sim::Plan witness_shard_keeps_pages_past_end(uint64_t seed);
sim::Plan witness_regrowth_shows_old_bytes(uint64_t seed);
sim::Plan witness_foreign_commit_leaves_index_stale(uint64_t seed);
sim::Plan witness_compaction_overstates_coverage(uint64_t seed);
sim::Plan witness_compaction_chases_head(uint64_t seed);
sim::Plan witness_wake_up_lost(uint64_t seed);
sim::Plan witness_delete_not_credited(uint64_t seed);
sim::Plan witness_slow_read_zeroes(uint64_t seed);
sim::Plan witness_bounded_channels_deadlock(uint64_t seed);
sim::Plan witness_two_coordinators_fold_twice(uint64_t seed);
sim::Plan witness_chunked_delete_misses_pieces(uint64_t seed);
sim::Plan witness_whole_last_piece_lost(uint64_t seed);
sim::Plan witness_open_blob_trusted_by_size(uint64_t seed);
sim::Plan witness_latch_never_released(uint64_t seed);

}  // namespace squall::scenarios
