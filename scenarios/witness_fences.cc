// Witnesses of defects that let the wrong one write, or keep the right one from it.
#include "scenarios/sql.h"
#include "scenarios/witness_builder.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

using sim::ControlAction;
using sim::Fault;
using sim::site_id;
using sim::WorldSite;

namespace {

// Whoever of the old and the new owner passes the site the nth time stands still.
PlanBuilder moved_and_paused(std::string_view name, uint64_t seed, uint32_t at_transaction,
                             Site site, uint32_t nth, int64_t pause_us) {
  PlanBuilder builder = moved_actor(name, seed, 60, at_transaction);
  add_strike(&builder, Fault::kPause, site_id(site), nth, pause_us);
  return builder;
}

// The second commit is a staged one.
PlanBuilder staging_actor(std::string_view name, uint64_t seed) {
  PlanBuilder builder = witness_builder(name, seed);
  builder.plan().knobs.max_delta_bytes = 16 << 10;
  builder.plan().knobs.stage_chunk_bytes = 16 << 10;
  add_table(&builder, 1);
  add_rows(&builder, 1, 30, 3'000);
  add_updates(&builder, 20, 20);
  return builder;
}

}  // namespace

// A takeover reads the head, and the old owner commits before it writes.
sim::Plan witness_takeover_loses_race(uint64_t seed) {
  return moved_and_paused("witness-takeover-loses-race", seed, 6, Site::kTakeoverAfterHeadRead, 2,
                          100'000)
      .take();
}

// A takeover fails once.
sim::Plan witness_failed_start_stays_open(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-failed-start-stays-open", seed);
  builder.plan().knobs.request_timeout_ms = 500;
  add_table(&builder, 1);
  add_strike(&builder, Fault::kFailStep, site_id(Site::kTakeoverAfterHeadRead), 1, 0);
  add_updates(&builder, 3, 1);
  return builder.take();
}

// The first start command comes again long after the actor has moved.
sim::Plan witness_old_start_resurrects(uint64_t seed) {
  PlanBuilder builder = moved_actor("witness-old-start-resurrects", seed, 100, 6);
  add_strike(&builder, Fault::kReplayStart, site_id(WorldSite::kStartCommand), 1, 300'000);
  return builder.take();
}

// A commit stands still between reading the head and writing it while the actor moves.
sim::Plan witness_late_write_reopens(uint64_t seed) {
  return moved_and_paused("witness-late-write-reopens", seed, 6, Site::kCommitAfterHeadRead, 6,
                          300'000)
      .take();
}

// A host stands still before it sends a commit, while the actor moves.
sim::Plan witness_fences_dropped(uint64_t seed) {
  return moved_and_paused("witness-fences-dropped", seed, 6, Site::kVfsBeforeCommitRequest, 6,
                          300'000)
      .take();
}

// The same with the very first commit of a new actor.
sim::Plan witness_absent_head_skips_fence(uint64_t seed) {
  return moved_and_paused("witness-absent-head-skips-fence", seed, 1, Site::kVfsBeforeCommitRequest,
                          1, 300'000)
      .take();
}

// Old and new owner stand still before a staged commit; the old one is the first to go on.
sim::Plan witness_stage_ignores_generation(uint64_t seed) {
  PlanBuilder builder = staging_actor("witness-stage-ignores-generation", seed);
  builder.plan().knobs.hosts = 2;
  builder.add_control(ControlAction::Kind::kMove, 1, 2, 0);
  add_strike(&builder, Fault::kPause, site_id(Site::kVfsBeforeCommitRequest), 2, 200'000);
  add_strike(&builder, Fault::kPause, site_id(Site::kVfsBeforeCommitRequest), 2, 2'000'000);
  return builder.take();
}

// A later start's rows are not found at the first try.
sim::Plan witness_read_fault_taken_for_empty(uint64_t seed) {
  PlanBuilder builder = moved_actor("witness-read-fault-taken-for-empty", seed, 20, 6);
  add_strike(&builder, Fault::kStoreTooOld, site_id(WorldSite::kStoreRead), 3, 0).kind =
      sim::EntityKind::kStart;
  return builder.take();
}

// A staged commit of several chunks.
sim::Plan witness_finalize_rewrites_blob(uint64_t seed) {
  return staging_actor("witness-finalize-rewrites-blob", seed).take();
}

// A takeover finds a staged commit half done.
sim::Plan witness_stages_never_freed(uint64_t seed) {
  PlanBuilder builder = staging_actor("witness-stages-never-freed", seed);
  builder.plan().knobs.hosts = 2;
  builder.add_control(ControlAction::Kind::kMove, 1, 2, 100'000);
  add_strike(&builder, Fault::kPause, site_id(Site::kStageAfterStoreCommit), 2, 1'000'000);
  return builder.take();
}

// A chunk fails, and all chunks come again.
sim::Plan witness_staged_chunk_counted_twice(uint64_t seed) {
  PlanBuilder builder = staging_actor("witness-staged-chunk-counted-twice", seed);
  add_strike(&builder, Fault::kFailStep, site_id(Site::kStageBeforeStoreCommit), 3, 0);
  return builder.take();
}

// A session makes one commit; the next session's first one bears the same number.
sim::Plan witness_commit_known_by_sequence(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-commit-known-by-sequence", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, 3, 20);
  builder.plan().workload.actors[0].transactions[1].close_before = true;
  return builder.take();
}

}  // namespace squall::scenarios
