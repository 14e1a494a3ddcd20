// Workloads of up to a few hundred rows.
#include "scenarios/bench_fills.h"
#include "scenarios/bench_rows.h"

namespace squall::scenarios::bench {

void insert_single(PlanBuilder& builder, int64_t size) {
  for (int64_t i = 0; i < size; ++i) builder.add(1, {insert_row(builder, i, 0)});
}

void insert_transaction(PlanBuilder& builder, int64_t size) {
  std::vector<sim::Statement> rows;
  for (int64_t i = 0; i < size; ++i) rows.push_back(insert_row(builder, i, 0));
  builder.add_explicit(1, std::move(rows));
}

void insert_batch(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 0)});
}

void point_reads(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  for (int64_t i = 0; i < 100; ++i) {
    builder.add(1, {builder.statement("SELECT id,key,value,num,payload FROM bench WHERE id=?",
                                      {integer(i * 37 % size + 1)})});
  }
}

void full_scan(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  builder.add(1, {builder.statement("SELECT id,key,value,num,payload FROM bench ORDER BY id")});
}

void range_scans(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  for (int64_t i = 0; i < 20; ++i) {
    builder.add(1, {builder.statement(
                       "SELECT id,key,num FROM bench WHERE num BETWEEN ? AND ? ORDER BY num,id",
                       {integer(100 + i), integer(300 - i)})});
  }
}

void bulk_update(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  builder.add(1, {builder.statement("UPDATE bench SET value='updated-'||id,num=num+1")});
}

void bulk_delete(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  builder.add(1, {builder.statement("DELETE FROM bench")});
}

void vacuum_after_delete(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 512)});
  builder.add(1, {builder.statement("DELETE FROM bench WHERE id%10<>0")});
  builder.add_vacuum(1);
  builder.add(1, {builder.statement("SELECT count(*),sum(num) FROM bench")});
}

void aggregation(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  builder.add(1,
              {builder.statement("SELECT num%10 AS g,count(*),sum(num),avg(num),min(key),max(key) "
                                 "FROM bench GROUP BY g ORDER BY g")});
}

void subquery(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  builder.add(1,
              {builder.statement(
                  "SELECT id,num FROM bench WHERE num>(SELECT avg(num) FROM bench) ORDER BY id")});
}

void join(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  builder.add(1, {builder.statement(
                     "SELECT a.id,b.id,a.num+b.num FROM bench a JOIN bench b ON b.num=a.num+1 "
                     "ORDER BY a.id,b.id")});
}

void common_table_expression(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  builder.add(
      1, {builder.statement("WITH g AS (SELECT num%20 AS bucket,count(*) AS c,sum(num) AS s FROM "
                            "bench GROUP BY bucket),"
                            "h AS (SELECT bucket,c,s FROM g WHERE c>1) "
                            "SELECT bucket,c,s,(SELECT sum(s) FROM h) FROM h ORDER BY bucket")});
}

void hot_row(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_row(builder, 0, 64)});
  for (int64_t i = 0; i < size; ++i) {
    builder.add(
        1, {builder.statement("UPDATE bench SET num=?,value='hot-'||?1 WHERE id=1", {integer(i)})});
  }
}

void large_payload(PlanBuilder& builder, int64_t size) {
  for (int64_t i = 0; i < size; ++i) builder.add(1, {insert_row(builder, i, 32 << 10)});
  builder.add(1, {builder.statement("SELECT id,payload FROM bench ORDER BY id")});
}

}  // namespace squall::scenarios::bench
