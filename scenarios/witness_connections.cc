// Witnesses of defects between SQLite and the database file: pragmas, spills, truncates, closing.
#include "scenarios/sql.h"
#include "scenarios/witness_builder.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

namespace {

// Tries a pragma that is refused, then updates rows.
PlanBuilder trying_pragma(std::string_view name, uint64_t seed, std::string_view pragma) {
  PlanBuilder builder = witness_builder(name, seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  builder.add(1, {builder.statement(pragma, {}, SqlFlags::kOutsideSkipTwin)});
  add_updates(&builder, 4, 20);
  builder.add(1, {select_all(&builder)});
  return builder;
}

}  // namespace

// SQLite knows no batch-atomic writes.
sim::Plan witness_no_batch_probe(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-no-batch-probe", seed);
  builder.plan().knobs.batch_atomic = 0;
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  return builder.take();
}

sim::Plan witness_unbounded_page_cache(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-unbounded-page-cache", seed);
  builder.plan().knobs.page_cache_pages = 8;
  add_table(&builder, 1);
  add_rows(&builder, 1, 60, 2'000);
  return builder.take();
}

sim::Plan witness_success_leaves_error_text(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-success-leaves-error-text", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  return builder.take();
}

// SQLite syncs the file once more after each batch.
sim::Plan witness_empty_commit_reaches_engine(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-empty-commit-reaches-engine", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  return builder.take();
}

// The last page that a shrink cuts off is written anew by a regrowth, and read by a SQLite that has
// forgotten it.
sim::Plan witness_truncate_leaves_cached_page(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-truncate-leaves-cached-page", seed);
  builder.plan().knobs.sqlite_cache_pages = 4;
  add_table(&builder, 1);
  add_rows(&builder, 1, 60, 2'000);
  builder.add(1, {select_all(&builder)});
  builder.add(1, {builder.statement("DELETE FROM t WHERE id>5")});
  builder.add_vacuum(1);
  const Draw draw(seed);
  for (int64_t i = 0; i < 20; ++i) {
    const Draw row = draw.part("row", static_cast<uint64_t>(i));
    builder.add(1, {insert_row(&builder, row, 100 + i, 2'000)});
  }
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

// A client goes away in the middle of a transaction.
sim::Plan witness_close_commits_open_transaction(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-close-commits-open-transaction", seed);
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  builder.add_explicit(1, {builder.statement("UPDATE t SET n=n+1")}).leave_open = true;
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

sim::Plan witness_synchronous_off_allowed(uint64_t seed) {
  return trying_pragma("witness-synchronous-off-allowed", seed, "PRAGMA synchronous=OFF").take();
}

sim::Plan witness_wal_allowed(uint64_t seed) {
  return trying_pragma("witness-wal-allowed", seed, "PRAGMA journal_mode=WAL").take();
}

// Without batches, a transaction larger than SQLite's cache writes its pages twice before it
// commits.
sim::Plan witness_second_spill_lost(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-second-spill-lost", seed);
  builder.plan().knobs.vfs_profile = 2;
  builder.plan().knobs.sqlite_cache_pages = 4;
  add_table(&builder, 1);
  add_rows(&builder, 1, 60, 2'000);
  builder.add_explicit(1, {builder.statement("UPDATE t SET v=zeroblob(1999)"),
                           builder.statement("UPDATE t SET v=zeroblob(1998),n=n+1")});
  builder.add(1, {select_all(&builder)});
  return builder.take();
}

}  // namespace squall::scenarios
