#include "scenarios/bench_workloads.h"

#include <fmt/format.h>

#include <array>

#include "scenarios/bench_fills.h"

namespace squall::scenarios {

namespace {

enum class Table : uint8_t { kNone, kBench };

struct BenchRow {
  std::string_view name;
  std::string_view description;
  bench::Fill fill;
  int64_t size;
  Table table = Table::kBench;
  // Engine commits of the workload, the schema's commit and rows that are there first apart; -1: no
  // budget. With a budget, no page may be fetched either.
  int64_t budget_commits = -1;
  int64_t setup_commits = 0;
  bool in_default_checks = true;
};

constexpr std::array kRows = std::to_array<BenchRow>({
    {"insert-single-10", "10 autocommits", bench::insert_single, 10},
    {"insert-single-100", "100 autocommits", bench::insert_single, 100},
    {"insert-single-1000", "1,000 autocommits", bench::insert_single, 1'000},
    {"insert-single-10000", "10,000 autocommits", bench::insert_single, 10'000},
    {"insert-tx-1", "one row in a transaction", bench::insert_transaction, 1},
    {"insert-tx-10", "10 rows in a transaction", bench::insert_transaction, 10},
    {"insert-tx-10000", "10,000 rows in a transaction", bench::insert_transaction, 10'000},
    {"insert-batch-10", "10 rows in a statement", bench::insert_batch, 10},
    {"point-reads-100", "100 reads by key", bench::point_reads, 500},
    {"full-scan-500", "a scan of 500 rows", bench::full_scan, 500},
    {"range-scans-500", "scans over an index of 500 rows", bench::range_scans, 500},
    {"bulk-update-200", "one UPDATE of 200 rows", bench::bulk_update, 200},
    {"bulk-delete-200", "one DELETE of 200 rows", bench::bulk_delete, 200},
    {"hot-row-100", "100 updates of one row", bench::hot_row, 100, Table::kBench, 100, 2},
    {"hot-row-10000", "10,000 updates of one row", bench::hot_row, 10'000},
    {"vacuum-after-delete-500", "VACUUM after most of 500 rows are deleted",
     bench::vacuum_after_delete, 500},
    {"large-payload-20", "20 rows of 32 KiB", bench::large_payload, 20},
    {"aggregation-200", "GROUP BY over 200 rows", bench::aggregation, 200},
    {"subquery-200", "a subquery over 200 rows", bench::subquery, 200},
    {"join-200", "a self-join of 200 rows", bench::join, 200},
    {"cte-200", "common table expressions over 200 rows", bench::common_table_expression, 200},
    {"migration-50", "50 tables made and altered one by one", bench::migration, 50, Table::kNone},
    {"large-tx-0.5mb", "125 rows of 4 KiB in a transaction", bench::large_transaction, 125},
    {"large-tx-1mb", "256 rows of 4 KiB in a transaction", bench::large_transaction, 256,
     Table::kBench, 1, 1},
    {"large-tx-5mb", "1,280 rows of 4 KiB in a transaction", bench::large_transaction, 1'280,
     Table::kBench, 1, 1},
    {"large-tx-10mb", "2,560 rows of 4 KiB in a transaction", bench::large_transaction, 2'560},
    {"large-tx-50mb", "12,800 rows of 4 KiB in a transaction", bench::large_transaction, 12'800},
    {"large-tx-100mb", "25,600 rows of 4 KiB in a transaction", bench::large_transaction, 25'600,
     Table::kBench, -1, 0, false},
    {"row-sizes-4096x256", "1 MiB as 4,096 rows of 256 B", bench::row_sizes, 256},
    {"row-sizes-1x1mib", "1 MiB as one row", bench::row_sizes, 1 << 20},
    {"churn-insert-delete", "10 times 1,000 rows inserted and deleted in a transaction",
     bench::churn, 10},
    {"mixed-oltp-large", "inserts, updates and deletes over 500 rows in a transaction",
     bench::mixed_oltp, 500},
    {"growing-aggregation", "20 batches of 100 rows, a SUM after each", bench::growing_aggregation,
     20},
    {"index-creation", "CREATE INDEX on 10,000 rows", bench::index_creation, 10'000, Table::kNone},
    {"bulk-update-1000-rows", "1,000 separate UPDATEs", bench::update_one_by_one, 1'000},
    {"truncate-and-regrow", "500 rows of 1 KiB, DELETE, 500 again", bench::truncate_and_regrow,
     500},
    {"many-small-tables", "50 tables of 10 rows in a transaction", bench::many_small_tables, 50,
     Table::kNone},
    {"concurrent", "5 actors with 10 inserts each", bench::concurrent, 5},
    {"chat-log-0.5mb", "128 messages of 4 KiB, then reads", bench::chat_log, 128, Table::kNone},
    {"chat-log-1mb", "256 messages of 4 KiB, then reads", bench::chat_log, 256, Table::kNone},
    {"chat-log-5mb", "1,280 messages of 4 KiB, then reads", bench::chat_log, 1'280, Table::kNone},
    {"chat-log-10mb", "2,560 messages of 4 KiB, then reads", bench::chat_log, 2'560, Table::kNone},
    {"chat-log-50mb", "12,800 messages of 4 KiB, then reads", bench::chat_log, 12'800,
     Table::kNone},
    {"chat-log-100mb", "25,600 messages of 4 KiB, then reads", bench::chat_log, 25'600,
     Table::kNone, -1, 0, false},
});

constexpr std::string_view kPrefix = "bench-";

sim::Plan make_bench(const BenchRow& row, uint64_t seed) {
  PlanBuilder builder(fmt::format("{}{}", kPrefix, row.name), seed);
  builder.add_actors(1);
  if (row.table == Table::kBench) bench::add_bench_table(builder, 1);
  row.fill(builder, row.size);
  return builder.take();
}

std::vector<std::string> check_bench_budget(const sim::RunResult& result) {
  std::vector<std::string> excesses;
  for (const BenchRow& row : kRows) {
    if (result.scenario != fmt::format("{}{}", kPrefix, row.name)) continue;
    const auto commits = static_cast<uint64_t>(row.budget_commits + row.setup_commits);
    if (result.commits != commits) {
      excesses.push_back(fmt::format("{} engine commits instead of {}", result.commits, commits));
    }
    if (result.page_fetches != 0) {
      excesses.push_back(fmt::format("{} page fetches instead of none", result.page_fetches));
    }
  }
  return excesses;
}

}  // namespace

std::vector<Scenario> bench_scenarios() {
  std::vector<Scenario> scenarios;
  for (const BenchRow& row : kRows) {
    Scenario& scenario = scenarios.emplace_back();
    scenario.name = fmt::format("{}{}", kPrefix, row.name);
    scenario.description = row.description;
    scenario.make_plan = [&row](uint64_t seed) { return make_bench(row, seed); };
    scenario.in_default_checks = row.in_default_checks;
    if (row.budget_commits >= 0) scenario.check_budget = check_bench_budget;
  }
  return scenarios;
}

}  // namespace squall::scenarios
