#include "scenarios/bench_rows.h"

#include "scenarios/bench_fills.h"

namespace squall::scenarios::bench {

void add_bench_table(PlanBuilder& builder, ActorId actor) {
  builder.add_explicit(
      actor, {builder.statement("CREATE TABLE bench(id INTEGER PRIMARY KEY AUTOINCREMENT,key TEXT,"
                                "value TEXT,num INTEGER,payload BLOB,created_at INTEGER)"),
              builder.statement("CREATE INDEX bench_key ON bench(key)"),
              builder.statement("CREATE INDEX bench_num ON bench(num)")});
}

sim::Statement insert_row(PlanBuilder& builder, int64_t number, int64_t payload_bytes) {
  return builder.statement(
      "INSERT INTO bench(key,value,num,payload,created_at) "
      "VALUES('key-'||?1,'value-'||?1,?1,randomblob(?2),?3+?1)",
      {integer(number), integer(payload_bytes), integer(kCreatedAt)});
}

sim::Statement insert_rows(PlanBuilder& builder, int64_t count, int64_t payload_bytes) {
  return builder.statement(
      "WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i+1<?1) "
      "INSERT INTO bench(key,value,num,payload,created_at) "
      "SELECT 'key-'||i,'value-'||i,i,randomblob(?2),?3+i FROM c",
      {integer(count), integer(payload_bytes), integer(kCreatedAt)});
}

}  // namespace squall::scenarios::bench
