// Witnesses of defects that move the head, or the right to move it, where it must not go.
#include "scenarios/sql.h"
#include "scenarios/witness_builder.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

using sim::Fault;
using sim::site_id;
using sim::WorldSite;

// A commit stands still between reading the head and writing it, and a compaction lands meanwhile.
sim::Plan witness_commit_reads_head_at_snapshot(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-commit-reads-head-at-snapshot", seed, 8);
  add_strike(&builder, Fault::kPause, site_id(Site::kCommitAfterHeadRead), 5, 1'000'000);
  return builder.take();
}

// A compaction stands still between reading the head and writing it, and commits land meanwhile.
sim::Plan witness_compaction_reads_head_at_snapshot(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-compaction-reads-head-at-snapshot", seed, 30);
  add_strike(&builder, Fault::kPause, site_id(Site::kCompactAfterHeadRead), 1, 50'000);
  return builder.take();
}

// A takeover stands still between reading the head and writing it, while the old owner commits.
sim::Plan witness_takeover_reads_head_at_snapshot(uint64_t seed) {
  PlanBuilder builder = moved_actor("witness-takeover-reads-head-at-snapshot", seed, 60, 6);
  add_strike(&builder, Fault::kPause, site_id(Site::kTakeoverAfterHeadRead), 2, 100'000);
  return builder.take();
}

// A compaction stands still after its snapshot, and commits land meanwhile.
sim::Plan witness_compaction_writes_stale_head(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-compaction-writes-stale-head", seed, 30);
  add_strike(&builder, Fault::kPause, site_id(Site::kCompactAfterFold), 1, 50'000);
  return builder.take();
}

// The start command of a running actor comes again.
sim::Plan witness_replayed_start_takes_over(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-replayed-start-takes-over", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, 60, 20);
  add_strike(&builder, Fault::kReplayStart, site_id(WorldSite::kStartCommand), 1, 100'000);
  return builder.take();
}

// The store doesn't know what became of a commit that landed.
sim::Plan witness_ambiguous_commit_forgotten(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-ambiguous-commit-forgotten", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, 10, 20);
  add_strike(&builder, Fault::kStoreUnknownLanded, site_id(WorldSite::kStoreCommit), 6, 0);
  return builder.take();
}

}  // namespace squall::scenarios
