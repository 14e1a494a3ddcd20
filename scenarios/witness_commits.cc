// Witnesses of defects in how a session commits: what it makes of replies that are lost, and of
// refusals.
#include "scenarios/sql.h"
#include "scenarios/witness_builder.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

using sim::Fault;
using sim::site_id;
using sim::WorldSite;

namespace {

// Updates, in the midst of which one commit's reply is lost; after so many attempts the session
// gives up.
PlanBuilder losing_a_reply(std::string_view name, uint64_t seed, int64_t attempts) {
  PlanBuilder builder = witness_builder(name, seed);
  builder.plan().knobs.request_timeout_ms = 500;
  builder.plan().knobs.commit_attempts = attempts;
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, 10, 20);
  add_strike(&builder, Fault::kLoseReply, site_id(WorldSite::kSendReply), 6, 0);
  return builder;
}

// A large row that the quota refuses, between small updates that it doesn't.
PlanBuilder refused_by_quota(std::string_view name, uint64_t seed) {
  PlanBuilder builder = witness_builder(name, seed);
  builder.plan().knobs.storage_max_bytes = 128 << 10;
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, 4, 20);
  builder.add(1, {builder.statement("INSERT INTO t(id,k,n,v) VALUES(100,'large',0,?)",
                                    {random_bytes(300'000, 1)})});
  add_updates(&builder, 4, 20);
  builder.add(1, {select_all(&builder)});
  return builder;
}

}  // namespace

sim::Plan witness_failed_commit_leaves_file_alive(uint64_t seed) {
  return losing_a_reply("witness-failed-commit-leaves-file-alive", seed, 1).take();
}

sim::Plan witness_lost_reply_taken_for_refusal(uint64_t seed) {
  return losing_a_reply("witness-lost-reply-taken-for-refusal", seed, 8).take();
}

// Without batches the commit is a sync, and SQLite rolls back by writing what was there.
sim::Plan witness_lost_sync_reply_rolled_back(uint64_t seed) {
  PlanBuilder builder = losing_a_reply("witness-lost-sync-reply-rolled-back", seed, 1);
  builder.plan().knobs.vfs_profile = 2;
  return builder.take();
}

sim::Plan witness_hung_commit_never_ends(uint64_t seed) {
  return losing_a_reply("witness-hung-commit-never-ends", seed, 8).take();
}

// The connection is lost with the request on it: nothing ever lands.
sim::Plan witness_lost_connection_taken_for_success(uint64_t seed) {
  PlanBuilder builder = losing_a_reply("witness-lost-connection-taken-for-success", seed, 1);
  builder.plan().strikes.clear();
  add_strike(&builder, Fault::kLoseRequest, site_id(WorldSite::kSendRequest), 6, 0);
  return builder.take();
}

sim::Plan witness_error_closes_connection(uint64_t seed) {
  return refused_by_quota("witness-error-closes-connection", seed).take();
}

sim::Plan witness_refused_commit_id_reused(uint64_t seed) {
  return refused_by_quota("witness-refused-commit-id-reused", seed).take();
}

sim::Plan witness_cache_adopts_before_commit(uint64_t seed) {
  return refused_by_quota("witness-cache-adopts-before-commit", seed).take();
}

}  // namespace squall::scenarios
