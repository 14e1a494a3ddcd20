// Witnesses of defects in compaction and in what the nodes remember of what it changed.
#include "scenarios/sql.h"
#include "scenarios/witness_builder.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

using sim::ControlAction;
using sim::Fault;
using sim::site_id;
using sim::WorldSite;

namespace {

// A row that comes and goes in one transaction: the database grows by pages that SQLite never
// writes.
void add_hole(PlanBuilder* builder) {
  builder->add_explicit(
      1, {builder->statement("INSERT INTO t(id,k,n,v) VALUES(1000,'hole',0,zeroblob(60000))"),
          builder->statement("DELETE FROM t WHERE id=1000")});
}

// Rows, most of them deleted, VACUUM, growth over a hole.
PlanBuilder regrown_actor(std::string_view name, uint64_t seed) {
  PlanBuilder builder = witness_builder(name, seed);
  builder.plan().knobs.compact_idle_ms = 200;
  add_table(&builder, 1);
  add_rows(&builder, 1, 60, 2'000);
  builder.add(1, {builder.statement("DELETE FROM t WHERE id>5")}).think_us = 1'000'000;
  builder.add_vacuum(1);
  add_hole(&builder);
  builder.add(1, {select_all(&builder)});
  return builder;
}

}  // namespace

// A compaction that no commit meets, then a commit on the same node.
sim::Plan witness_compaction_leaves_index_stale(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-compaction-leaves-index-stale", seed, 6);
  builder.plan().knobs.compact_idle_ms = 100;
  builder.add(1, {select_all(&builder)}).think_us = 1'000'000;
  add_updates(&builder, 3, 20);
  return builder.take();
}

sim::Plan witness_shard_keeps_pages_past_end(uint64_t seed) {
  return regrown_actor("witness-shard-keeps-pages-past-end", seed).take();
}

sim::Plan witness_regrowth_shows_old_bytes(uint64_t seed) {
  return regrown_actor("witness-regrowth-shows-old-bytes", seed).take();
}

// A host loses its connection again and again, and finds now this node, now that one.
sim::Plan witness_foreign_commit_leaves_index_stale(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-foreign-commit-leaves-index-stale", seed);
  make_cold(&builder.plan().knobs);
  builder.plan().knobs.nodes = 2;
  builder.plan().knobs.request_timeout_ms = 100;
  builder.plan().jitter_key = kJitterKey;
  add_table(&builder, 1);
  add_rows(&builder, 1, 40, 1'500);
  add_updates(&builder, 60, 40);
  for (uint32_t i = 0; i < 10; ++i) {
    add_strike(&builder, Fault::kLoseReply, site_id(WorldSite::kSendReply), 6 * (i + 1), 0);
  }
  return builder.take();
}

// More shards than one pass takes.
sim::Plan witness_compaction_overstates_coverage(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-compaction-overstates-coverage", seed, 4);
  builder.plan().knobs.shards_per_pass = 1;
  builder.add(1, {builder.statement("UPDATE t SET v=randomblob(16000)")});
  add_updates(&builder, 8, 20);
  return builder.take();
}

// Commits land while a compaction is under way.
sim::Plan witness_compaction_chases_head(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-compaction-chases-head", seed, 30);
  builder.plan().knobs.compact_idle_ms = 200;
  add_strike(&builder, Fault::kPause, site_id(Site::kCompactAfterFold), 1, 50'000);
  return builder.take();
}

// The last commits of all fall into a compaction.
sim::Plan witness_wake_up_lost(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-wake-up-lost", seed, 8);
  builder.plan().knobs.compact_idle_ms = 200;
  add_strike(&builder, Fault::kPause, site_id(Site::kCompactAfterSnapshot), 1, 3'000'000);
  return builder.take();
}

sim::Plan witness_delete_not_credited(uint64_t seed) {
  return busy_actor("witness-delete-not-credited", seed, 10).take();
}

// A read stands still between index and blobs, and a compaction lands meanwhile. A second actor
// keeps the first one's index out of the cache.
sim::Plan witness_slow_read_zeroes(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-slow-read-zeroes", seed);
  builder.add_actors(1);
  sim::Knobs& knobs = builder.plan().knobs;
  make_cold(&knobs);
  knobs.index_cache_actors = 1;
  knobs.compact_idle_ms = 500;
  for (ActorId actor = 1; actor <= 2; ++actor) {
    add_table(&builder, actor);
    add_rows(&builder, actor, 60, 2'000);
    for (int64_t i = 0; i < 60; ++i) {
      const int64_t id = i * 17 % 60 + 1;
      builder.add(actor, {builder.statement("SELECT v FROM t WHERE id=?", {integer(id)})});
    }
  }
  for (uint32_t nth = 6; nth <= 12; ++nth) {
    add_strike(&builder, Fault::kPause, site_id(Site::kReadAfterIndex), nth, 1'500'000);
  }
  return builder.take();
}

// Three actors over the threshold on one node.
sim::Plan witness_bounded_channels_deadlock(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-bounded-channels-deadlock", seed);
  builder.add_actors(2);
  builder.plan().knobs.compact_deltas = 2;
  builder.plan().knobs.request_timeout_ms = 500;
  builder.plan().knobs.commit_attempts = 2;
  for (ActorId actor = 1; actor <= 3; ++actor) {
    add_table(&builder, actor);
    add_rows(&builder, actor, 20, 100);
    for (int64_t i = 0; i < 30; ++i) {
      const int64_t id = i % 20 + 1;
      builder.add(actor, {builder.statement("UPDATE t SET n=n+1 WHERE id=?", {integer(id)})});
    }
  }
  return builder.take();
}

// The old node stands still in a compaction while the new one makes its own.
sim::Plan witness_two_coordinators_fold_twice(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-two-coordinators-fold-twice", seed);
  sim::Knobs& knobs = builder.plan().knobs;
  knobs.hosts = 2;
  knobs.nodes = 2;
  knobs.compact_idle_ms = 300;
  builder.plan().jitter_key = kJitterKey;
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  add_updates(&builder, 20, 20);
  builder.add_control(ControlAction::Kind::kMove, 1, 10, 0).stop_delay_us = 0;
  add_strike(&builder, Fault::kPause, site_id(Site::kCompactAfterFold), 1, 1'500'000);
  for (int64_t i = 0; i < 12; ++i) builder.add(1, {select_all(&builder)}).think_us = 200'000;
  return builder.take();
}

// Shards in pieces are folded again and again.
sim::Plan witness_chunked_delete_misses_pieces(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-chunked-delete-misses-pieces", seed, 12);
  builder.plan().knobs.inline_value_bytes = 2'000;
  builder.plan().knobs.value_piece_bytes = 1'000;
  builder.add(1, {builder.statement("UPDATE t SET v=randomblob(1000)")});
  add_updates(&builder, 12, 20);
  return builder.take();
}

// Incompressible values of rising length, so that some commit fills its last piece.
sim::Plan witness_whole_last_piece_lost(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-whole-last-piece-lost", seed);
  builder.plan().knobs.inline_value_bytes = 2'000;
  builder.plan().knobs.value_piece_bytes = 1'000;
  builder.add(1, {builder.statement("CREATE TABLE t(id INTEGER PRIMARY KEY,v)")});
  builder.add(1, {builder.statement("INSERT INTO t VALUES(1,zeroblob(100))")});
  for (uint32_t i = 0; i < 1'000; ++i) {
    builder.add(1, {builder.statement("UPDATE t SET v=?", {random_bytes(2'000 + i, 7)})});
  }
  return builder.take();
}

// A shard in pieces is opened by reads and written again in the same length.
sim::Plan witness_open_blob_trusted_by_size(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-open-blob-trusted-by-size", seed);
  sim::Knobs& knobs = builder.plan().knobs;
  make_cold(&knobs);
  knobs.inline_value_bytes = 2'000;
  knobs.value_piece_bytes = 1'000;
  knobs.compact_idle_ms = 100;
  builder.add(1, {builder.statement("CREATE TABLE t(id INTEGER PRIMARY KEY,n INTEGER,v)")});
  builder.add(
      1, {builder.statement("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c "
                            "WHERE i<20) INSERT INTO t SELECT i,200+i,randomblob(1500) FROM c")});
  const sim::Statement read = builder.statement("SELECT id,n,v FROM t ORDER BY id");
  for (int64_t i = 0; i < 10; ++i) {
    for (int64_t id = 1; id <= i % 3 + 1; ++id) {
      builder.add(1, {builder.statement("UPDATE t SET n=n+1 WHERE id=?", {integer(id)})});
    }
    builder.add(1, {read}).think_us = 500'000;
  }
  return builder.take();
}

// Compactions fail until one has taken its turn, and then once more.
sim::Plan witness_latch_never_released(uint64_t seed) {
  PlanBuilder builder = busy_actor("witness-latch-never-released", seed, 20);
  builder.plan().knobs.request_timeout_ms = 500;
  for (int i = 0; i < 4; ++i) {
    add_strike(&builder, Fault::kFailStep, site_id(Site::kCompactBeforeStoreCommit), 1, 0);
  }
  return builder.take();
}

}  // namespace squall::scenarios
