// Witnesses of the store's defects that another tenant of it meets: members that read and write the
// same few keys while one actor does a little.
#include "scenarios/sql.h"
#include "scenarios/witness_builder.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

namespace {

PlanBuilder beside_tenant(std::string_view name, uint64_t seed, int64_t transactions) {
  PlanBuilder builder = witness_builder(name, seed);
  builder.plan().knobs.tenant_transactions = transactions;
  add_table(&builder, 1);
  add_rows(&builder, 1, 20, 100);
  // The actor goes on for longer than the members, some of whose transactions stand still for 10 s.
  add_updates(&builder, 12 * transactions, 20);
  return builder;
}

}  // namespace

// A row that no page compresses, larger than the largest value.
sim::Plan witness_store_limits_not_enforced(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-store-limits-not-enforced", seed);
  add_table(&builder, 1);
  builder.add(1, {builder.statement("INSERT INTO t(id,k,n,v) VALUES(1,'large',0,?)",
                                    {random_bytes(131'072, 1)})});
  return builder.take();
}

// Commits whose blobs grow byte by byte past the largest value that is kept whole.
sim::Plan witness_inline_limit_off_by_one(uint64_t seed) {
  PlanBuilder builder = witness_builder("witness-inline-limit-off-by-one", seed);
  builder.plan().knobs.inline_value_bytes = 2'000;
  add_table(&builder, 1);
  builder.add(1, {builder.statement("INSERT INTO t(id,k,n,v) VALUES(1,'row',0,NULL)")});
  for (uint32_t size = 1'400; size < 2'000; ++size) {
    builder.add(1, {builder.statement("UPDATE t SET v=? WHERE id=1", {random_bytes(size, size)})});
  }
  return builder.take();
}

sim::Plan witness_scan_merges_writes_past_end(uint64_t seed) {
  return beside_tenant("witness-scan-merges-writes-past-end", seed, 240).take();
}

sim::Plan witness_twelve_byte_versionstamp(uint64_t seed) {
  return beside_tenant("witness-twelve-byte-versionstamp", seed, 20).take();
}

sim::Plan witness_no_snapshot_per_transaction(uint64_t seed) {
  return beside_tenant("witness-no-snapshot-per-transaction", seed, 60).take();
}

sim::Plan witness_version_before_visibility(uint64_t seed) {
  return beside_tenant("witness-version-before-visibility", seed, 60).take();
}

sim::Plan witness_limited_scan_conflicts_too_little(uint64_t seed) {
  return beside_tenant("witness-limited-scan-conflicts-too-little", seed, 60).take();
}

sim::Plan witness_reverse_scan_returns_lowest(uint64_t seed) {
  return beside_tenant("witness-reverse-scan-returns-lowest", seed, 60).take();
}

sim::Plan witness_exhausted_scan_misses_phantoms(uint64_t seed) {
  return beside_tenant("witness-exhausted-scan-misses-phantoms", seed, 300).take();
}

// Commits of one member land two seconds late, when the others have long written what it read.
sim::Plan witness_old_conflicts_forgotten(uint64_t seed) {
  PlanBuilder builder = beside_tenant("witness-old-conflicts-forgotten", seed, 240);
  for (uint32_t nth = 6; nth < 480; nth += 6) {
    sim::Strike& strike = builder.plan().strikes.emplace_back();
    strike.fault = sim::Fault::kPause;
    strike.site = sim::site_id(sim::WorldSite::kStoreCommit);
    strike.kind = sim::EntityKind::kTenant;
    strike.nth = nth;
    strike.parameter = 2'000'000;
  }
  return builder.take();
}

}  // namespace squall::scenarios
