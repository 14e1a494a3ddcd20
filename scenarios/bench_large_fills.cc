// Workloads of many rows, many tables or many bytes.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/bench_fills.h"
#include "scenarios/bench_rows.h"

namespace squall::scenarios::bench {

void migration(PlanBuilder& builder, int64_t size) {
  for (int64_t i = 0; i < size; ++i) {
    builder.add_explicit(
        1, {builder.statement(fmt::format(
                "CREATE TABLE m{}(id INTEGER PRIMARY KEY,name TEXT NOT NULL,num INTEGER DEFAULT 0)",
                i)),
            builder.statement(fmt::format("CREATE INDEX m{0}_name ON m{0}(name)", i)),
            builder.statement(fmt::format("ALTER TABLE m{} ADD COLUMN extra TEXT", i))});
  }
}

void many_small_tables(PlanBuilder& builder, int64_t size) {
  std::vector<sim::Statement> statements;
  for (int64_t i = 0; i < size; ++i) {
    statements.push_back(
        builder.statement(fmt::format("CREATE TABLE s{}(id INTEGER PRIMARY KEY,v TEXT)", i)));
    for (int64_t row = 0; row < 10; ++row) {
      statements.push_back(builder.statement(fmt::format("INSERT INTO s{}(v) VALUES('row-'||?)", i),
                                             {integer(row)}));
    }
  }
  builder.add_explicit(1, std::move(statements));
}

void large_transaction(PlanBuilder& builder, int64_t size) {
  std::vector<sim::Statement> rows;
  for (int64_t i = 0; i < size; ++i) rows.push_back(insert_row(builder, i, 4'096));
  builder.add_explicit(1, std::move(rows));
}

void row_sizes(PlanBuilder& builder, int64_t size) {
  std::vector<sim::Statement> rows;
  for (int64_t i = 0; i < (1 << 20) / size; ++i) rows.push_back(insert_row(builder, i, size));
  builder.add_explicit(1, std::move(rows));
}

void churn(PlanBuilder& builder, int64_t size) {
  for (int64_t round = 0; round < size; ++round) {
    builder.add_explicit(
        1, {insert_rows(builder, 1'000, 1'024), builder.statement("DELETE FROM bench")});
  }
}

void mixed_oltp(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 1'024)});
  std::vector<sim::Statement> statements;
  for (int64_t i = 0; i < size; ++i) {
    statements.push_back(insert_row(builder, size + i, 1'024));
    statements.push_back(builder.statement(
        "UPDATE bench SET num=num+1,value='mixed-'||?1 WHERE id=?1", {integer(i + 1)}));
    if (i % 5 == 0) {
      statements.push_back(builder.statement("DELETE FROM bench WHERE id=?", {integer(i + 1)}));
    }
  }
  builder.add_explicit(1, std::move(statements));
}

void growing_aggregation(PlanBuilder& builder, int64_t size) {
  for (int64_t batch = 0; batch < size; ++batch) {
    builder.add(1, {insert_rows(builder, 100, 0)});
    builder.add(1, {builder.statement("SELECT sum(num) FROM bench")});
  }
}

void index_creation(PlanBuilder& builder, int64_t size) {
  builder.add(1,
              {builder.statement("CREATE TABLE big(id INTEGER PRIMARY KEY,key TEXT,num INTEGER)")});
  builder.add(1, {builder.statement(
                     "WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i+1<?1) "
                     "INSERT INTO big(key,num) SELECT 'key-'||(i%1000)||'-'||i,i FROM c",
                     {integer(size)})});
  builder.add(1, {builder.statement("CREATE INDEX big_key ON big(key)")});
  builder.add(1,
              {builder.statement("SELECT id FROM big WHERE key>='key-500' ORDER BY key LIMIT 50")});
}

void update_one_by_one(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 64)});
  for (int64_t i = 1; i <= size; ++i) {
    builder.add(1, {builder.statement("UPDATE bench SET num=num+1 WHERE id=?", {integer(i)})});
  }
}

void truncate_and_regrow(PlanBuilder& builder, int64_t size) {
  builder.add(1, {insert_rows(builder, size, 1'024)});
  builder.add(1, {builder.statement("DELETE FROM bench")});
  builder.add(1, {insert_rows(builder, size, 1'024)});
  builder.add(1, {builder.statement("SELECT count(*),sum(length(payload)) FROM bench")});
}

void concurrent(PlanBuilder& builder, int64_t size) {
  builder.add_actors(static_cast<size_t>(size) - 1);
  for (ActorId actor = 2; actor <= static_cast<ActorId>(size); ++actor)
    add_bench_table(builder, actor);
  for (int64_t i = 0; i < 10; ++i) {
    for (ActorId actor = 1; actor <= static_cast<ActorId>(size); ++actor) {
      builder.add(actor, {insert_row(builder, i, 0)});
    }
  }
}

void chat_log(PlanBuilder& builder, int64_t size) {
  builder.add_explicit(
      1, {builder.statement("CREATE TABLE chat(id INTEGER PRIMARY KEY,room INTEGER,body BLOB)"),
          builder.statement("CREATE INDEX chat_room ON chat(room)")});
  std::vector<sim::Statement> inserts;
  for (int64_t first = 0; first < size; first += 50) {
    inserts.push_back(builder.statement(
        "WITH RECURSIVE c(i) AS (SELECT ?1 UNION ALL SELECT i+1 FROM c WHERE i+1<?1+?2) "
        "INSERT INTO chat(room,body) SELECT i%20,randomblob(4096) FROM c",
        {integer(first), integer(std::min<int64_t>(50, size - first))}));
  }
  builder.add_explicit(1, std::move(inserts));
  builder.add(1, {builder.statement("SELECT id,body FROM chat ORDER BY id DESC LIMIT 50")});
  builder.add(1, {builder.statement("SELECT id,body FROM chat WHERE room=7 ORDER BY id LIMIT 20")});
  builder.add(1, {builder.statement("SELECT count(*) FROM chat")});
  builder.add(1, {builder.statement("SELECT sum(length(body)) FROM chat")});
}

}  // namespace squall::scenarios::bench
