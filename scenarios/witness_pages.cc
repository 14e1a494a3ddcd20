// Witnesses of defects that lose pages, keep dead ones, or read too many.
#include "scenarios/sql.h"
#include "scenarios/witness_builder.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

using sim::Fault;
using sim::site_id;
using sim::WorldSite;

// A head record ends in the size of the database. At 24 pages those four bytes, read as an offset,
// point at the low byte of the last commit's sequence, which passes 0x33 with the 51st commit.
sim::Plan witness_store_stamps_plain_set(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-store-stamps-plain-set", seed);
  builder.add(1, {builder.statement("CREATE TABLE t(id INTEGER PRIMARY KEY,k TEXT,n INTEGER,v)")});
  // Page 1, the table's root, and 22 overflow pages.
  builder.add(1, {builder.statement("INSERT INTO t VALUES(1,'k0',0,NULL),(2,'k0',0,zeroblob(?))",
                                    {integer(90'000)})});
  add_updates(&builder, 60, 1);
  return builder.take();
}

// A page is fetched inside a transaction that has already grown the database: without batch-atomic
// writes SQLite spills its cache before it commits.
sim::Plan witness_read_reply_overwrites_head(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-read-reply-overwrites-head", seed);
  make_cold(&builder.plan().knobs);
  builder.plan().knobs.vfs_profile = 2;
  add_table(&builder, 1);
  add_rows(&builder, 1, 60, 3'000);
  const Draw draw(seed);
  std::vector<sim::Statement> growth;
  for (int64_t i = 0; i < 6; ++i) {
    const Draw row = draw.part("row", static_cast<uint64_t>(i));
    growth.push_back(insert_row(&builder, row, 100 + i, 9'000));
  }
  for (int64_t id = 1; id <= 60; id += 2) {
    growth.push_back(builder.statement("SELECT v FROM t WHERE id=?", {integer(id)}));
  }
  builder.add_explicit(1, std::move(growth));
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

// New pages and pages that no cache holds any more are written in full.
sim::Plan witness_fetch_before_full_write(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-fetch-before-full-write", seed);
  builder.plan().knobs.page_cache_pages = 1;
  add_table(&builder, 1);
  add_rows(&builder, 1, 40, 500);
  builder.add(1, {builder.statement("UPDATE t SET n=n+1")});
  return builder.take();
}

// A staged commit, then reads of what it wrote by a session that has none of it cached.
sim::Plan witness_finalize_writes_no_index(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-finalize-writes-no-index", seed);
  builder.plan().knobs.max_delta_bytes = 16 << 10;
  builder.plan().knobs.stage_chunk_bytes = 16 << 10;
  add_table(&builder, 1);
  add_rows(&builder, 1, 30, 3'000);
  builder.add(1, {select_all(&builder)}).close_before = true;
  return builder.take();
}

// A node folds deltas away while another one still has them in its index. Which node a host goes
// to follows from the jitter key: under kJitterKey, the two hosts have a node each.
sim::Plan witness_read_zeroes_when_source_missing(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-read-zeroes-when-source-missing", seed);
  make_cold(&builder.plan().knobs);
  builder.plan().knobs.hosts = 2;
  builder.plan().knobs.nodes = 2;
  builder.plan().knobs.compact_idle_ms = 300;
  builder.plan().jitter_key = kJitterKey;
  add_table(&builder, 1);
  add_rows(&builder, 1, 60, 2'000);
  add_updates(&builder, 4, 20);
  builder.add_control(sim::ControlAction::Kind::kMove, 1, 6, 0).stop_delay_us = 0;
  for (int64_t i = 0; i < 40; ++i) {
    builder.add(1, {builder.statement("SELECT v FROM t WHERE id=?", {integer(i * 17 % 60 + 1)})})
        .think_us = 20'000;
  }
  return builder.take();
}

// DELETE and VACUUM.
sim::Plan witness_shrink_leaves_rows(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-shrink-leaves-rows", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 60, 2'000);
  builder.add(1, {builder.statement("DELETE FROM t WHERE id>5")});
  builder.add_vacuum(1);
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

// A compaction reads blobs with a bit flipped among bytes that no compression can check.
sim::Plan witness_blob_checksum_ignored(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-blob-checksum-ignored", seed);
  builder.plan().knobs.compact_idle_ms = 200;
  add_table(&builder, 1);
  add_rows(&builder, 1, 40, 3'000);
  for (int64_t i = 1; i <= 3; ++i) {
    builder.add(1, {select_all(&builder)}).think_us = 1'000'000;
    add_strike(&builder, Fault::kReadBitFlip, site_id(WorldSite::kStoreBlobRead), 1, i).kind =
        sim::EntityKind::kCompaction;
  }
  return builder.take();
}

// A staged commit stands still between its chunks while a compaction passes.
sim::Plan witness_compaction_deletes_open_stage(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-compaction-deletes-open-stage", seed);
  builder.plan().knobs.max_delta_bytes = 16 << 10;
  builder.plan().knobs.stage_chunk_bytes = 16 << 10;
  builder.plan().knobs.compact_idle_ms = 200;
  add_table(&builder, 1);
  add_updates(&builder, 4, 1);
  add_rows(&builder, 1, 30, 3'000);
  builder.add(1, {select_all(&builder)}).close_before = true;
  add_strike(&builder, Fault::kPause, site_id(Site::kStageAfterStoreCommit), 3, 2'000'000);
  return builder.take();
}

// Compactions read the index at a version that is old but legal, while a commit of the same node
// goes on.
sim::Plan witness_cold_index_load_overwrites(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-cold-index-load-overwrites", seed);
  make_cold(&builder.plan().knobs);
  builder.plan().knobs.compact_idle_ms = 4;
  builder.plan().jitter_key = kJitterKey;
  add_table(&builder, 1);
  add_rows(&builder, 1, 40, 1'500);
  for (int64_t i = 0; i < 120; ++i) {
    const int64_t id = i * 7 % 40 + 1;
    builder.add(1, {builder.statement("UPDATE t SET n=n+1,v=zeroblob(1400+?) WHERE id=?",
                                      {integer(i), integer(id)})});
    builder.add(1,
                {builder.statement("SELECT n,v FROM t WHERE id=?", {integer((id + 20) % 40 + 1)})});
    if (i % 10 == 9) builder.add(1, {select_all(&builder)});
  }
  for (uint32_t nth = 1; nth <= 100; ++nth) {
    add_strike(&builder, Fault::kStoreStaleVersion, site_id(WorldSite::kStoreRead), 1, 1'000'000)
        .kind = sim::EntityKind::kCompaction;
  }
  return builder.take();
}

}  // namespace squall::scenarios
