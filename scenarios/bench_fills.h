// What each bench workload does, for the table in bench_workloads.cc. Each takes a plan with one
// actor that has the bench table (but for those that say otherwise) and a size.
#pragma once

#include "scenarios/plan_builder.h"

namespace squall::scenarios::bench {

using Fill = void (*)(PlanBuilder& builder, int64_t size);

// bench(id PK autoincrement, key, value, num, payload, created_at), indexes on key and num.
void add_bench_table(PlanBuilder& builder, ActorId actor);

// size: autocommits.
void insert_single(PlanBuilder& builder, int64_t size);
// size: rows in one transaction.
void insert_transaction(PlanBuilder& builder, int64_t size);
// size: rows in one statement.
void insert_batch(PlanBuilder& builder, int64_t size);

// size: rows that are there first.
void point_reads(PlanBuilder& builder, int64_t size);
void full_scan(PlanBuilder& builder, int64_t size);
void range_scans(PlanBuilder& builder, int64_t size);
void bulk_update(PlanBuilder& builder, int64_t size);
void bulk_delete(PlanBuilder& builder, int64_t size);
void vacuum_after_delete(PlanBuilder& builder, int64_t size);
void aggregation(PlanBuilder& builder, int64_t size);
void subquery(PlanBuilder& builder, int64_t size);
void join(PlanBuilder& builder, int64_t size);
void common_table_expression(PlanBuilder& builder, int64_t size);

// size: updates of one row.
void hot_row(PlanBuilder& builder, int64_t size);
// size: rows of 32 KiB, an autocommit each.
void large_payload(PlanBuilder& builder, int64_t size);
// size: tables, made one by one; no bench table.
void migration(PlanBuilder& builder, int64_t size);
// size: tables of 10 rows, in one transaction; no bench table.
void many_small_tables(PlanBuilder& builder, int64_t size);

// size: rows of randomblob(4096) in one transaction.
void large_transaction(PlanBuilder& builder, int64_t size);
// size: bytes a row, 1 MiB in all.
void row_sizes(PlanBuilder& builder, int64_t size);
// size: rounds.
void churn(PlanBuilder& builder, int64_t size);
// size: rows before and operations in the transaction.
void mixed_oltp(PlanBuilder& builder, int64_t size);
// size: batches of 100 rows.
void growing_aggregation(PlanBuilder& builder, int64_t size);
// size: rows; no bench table.
void index_creation(PlanBuilder& builder, int64_t size);
// size: rows, an UPDATE each.
void update_one_by_one(PlanBuilder& builder, int64_t size);
// size: rows of 1 KiB.
void truncate_and_regrow(PlanBuilder& builder, int64_t size);
// size: actors with 10 inserts each, all with a bench table.
void concurrent(PlanBuilder& builder, int64_t size);
// size: 4 KiB messages in one transaction, 50 to a statement; no bench table.
void chat_log(PlanBuilder& builder, int64_t size);

}  // namespace squall::scenarios::bench
