#include "scenarios/sql.h"

namespace squall::scenarios {

using sim::Statement;

void add_table(PlanBuilder* builder, ActorId actor) {
  builder->add_explicit(
      actor,
      {builder->statement("CREATE TABLE t(id INTEGER PRIMARY KEY,k TEXT NOT NULL,n INTEGER,v)"),
       builder->statement("CREATE INDEX t_k ON t(k)"),
       builder->statement("CREATE INDEX t_n ON t(n)")});
}

void add_rows(PlanBuilder* builder, ActorId actor, int64_t count, int64_t value_bytes) {
  builder->add(actor,
               {builder->statement(
                   "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<?1) "
                   "INSERT INTO t(id,k,n,v) SELECT i,printf('%08x',(i*2654435761)%4294967296),"
                   "(i*7919)%1000,randomblob(?2) FROM c",
                   {integer(count), integer(value_bytes)})});
}

void add_drawn_rows(PlanBuilder* builder, const Draw& draw, ActorId actor, int64_t count,
                    uint32_t value_bytes) {
  for (int64_t id = 1; id <= count; ++id) {
    const Draw row = draw.part("row", actor * 1000 + static_cast<uint64_t>(id));
    builder->add(actor, {insert_row(builder, row, id, value_bytes)});
  }
  builder->add(actor, {select_all(builder)});
}

Statement insert_row(PlanBuilder* builder, const Draw& draw, int64_t id, uint32_t value_bytes) {
  return builder->statement(
      "INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)",
      {integer(id), text(14, draw.bits("key") >> 32), integer(draw.between("number", 0, 999)),
       text(value_bytes, draw.bits("salt") >> 32)});
}

Statement update_row(PlanBuilder* builder, const Draw& draw, int64_t id) {
  return builder->statement(
      "UPDATE t SET k=?,n=? WHERE id=?",
      {text(14, draw.bits("key") >> 32), integer(draw.between("number", 0, 999)), integer(id)});
}

Statement delete_row(PlanBuilder* builder, int64_t id) {
  return builder->statement("DELETE FROM t WHERE id=?", {integer(id)});
}

Statement select_all(PlanBuilder* builder) {
  return builder->statement("SELECT id,k,n,v FROM t ORDER BY id");
}

}  // namespace squall::scenarios
