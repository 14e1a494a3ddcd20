#include "scenarios/swarm_statements.h"

#include <array>
#include <utility>

namespace squall::scenarios {

namespace {

using sim::Parameter;
using sim::Statement;

// Around the edges of pages and chunks, where this kind of system has failed before.
constexpr std::array<uint32_t, 15> kEdgeSizes = {1,     4095,  4096,    4097,   8191,
                                                 8192,  8193,  16'384,  32768,  65535,
                                                 65536, 98304, 100'000, 131072, 3500};

Parameter key(const Draw& draw) { return text(14, draw.bits("key") >> 32); }

// Text mostly; `kinds`: one of so many values is each of the others.
Parameter bytes_of(const Draw& draw, uint32_t size_bytes, int64_t kinds) {
  const uint64_t salt = draw.bits("salt") >> 32;
  switch (draw.between("value", 0, kinds - 1)) {
    case 0: return random_bytes(size_bytes, salt);
    case 1: return offset_like(size_bytes, salt);
    case 2: return zeros(size_bytes);
    default: return text(size_bytes, salt);
  }
}

Parameter large_value(const Draw& draw) {
  return bytes_of(draw, kEdgeSizes[sim::below(draw.bits("edge"), kEdgeSizes.size())], 4);
}

}  // namespace

Parameter row_number(const Draw& draw) { return integer(draw.between("number", 0, 999)); }

Parameter SwarmStatements::value(const Draw& draw) {
  return bytes_of(draw, static_cast<uint32_t>(draw.scaled("size", 8, 400)), 10);
}

Statement SwarmStatements::fill(int64_t rows, int64_t row_bytes) {
  last_id_ = rows;
  return make(
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<?1) "
      "INSERT INTO t(id,k,n,v) SELECT i,printf('%08x',(i*2654435761)%4294967296),"
      "(i*7919)%1000,zeroblob(?2) FROM c",
      {integer(rows), integer(row_bytes)});
}

Statement SwarmStatements::widen(int64_t rows) {
  last_id_ = 2 * rows;
  return make("INSERT INTO t(id,k,n,v) SELECT ?1+id,k,n,zeroblob(16000) FROM t ORDER BY id",
              {integer(rows)});
}

Statement SwarmStatements::insert_row(const Draw& draw, Parameter value) {
  return make("INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)",
              {new_id(), key(draw), row_number(draw), std::move(value)});
}

Statement SwarmStatements::remove_newest() {
  return make("DELETE FROM t WHERE id=?", {integer(last_id_)});
}

Statement SwarmStatements::log(const Draw& draw) {
  return make("INSERT INTO l(id,what) VALUES(?,?)", {new_id(), row_number(draw)});
}

Statement SwarmStatements::update_keys(const Draw& draw) {
  return make("UPDATE t SET k=?,n=? WHERE id=?", {key(draw), row_number(draw), existing_id(draw)});
}

Statement SwarmStatements::update_value(const Draw& draw) {
  return make("UPDATE t SET v=?,n=n+1 WHERE id=?", {value(draw), existing_id(draw)});
}

Statement SwarmStatements::upsert(const Draw& draw) {
  return make("INSERT OR REPLACE INTO t(id,k,n,v) VALUES(?,?,?,?)",
              {existing_id(draw), key(draw), row_number(draw), value(draw)});
}

Statement SwarmStatements::remove(const Draw& draw) {
  if (draw.percent("one", 80)) return make("DELETE FROM t WHERE id=?", {existing_id(draw)});
  const int64_t first = draw.between("number", 0, 980);
  return make("DELETE FROM t WHERE n BETWEEN ? AND ?", {integer(first), integer(first + 15)});
}

Statement SwarmStatements::random_statement(const Draw& draw) {
  switch (actor_draw_.between("random-kind", 0, 2)) {
    case 0:
      return make("UPDATE t SET v=randomblob(?),n=abs(random()%1000) WHERE id=?",
                  {integer(draw.scaled("size", 8, 1'000)), existing_id(draw)});
    case 1:
      return make("INSERT INTO t(id,k,n,v) VALUES(?,hex(randomblob(6)),abs(random()%1000),?)",
                  {new_id(), value(draw)});
    default:
      return make("UPDATE t INDEXED BY t_n SET n=abs(random()%1000) WHERE n BETWEEN ? AND ?1+10",
                  {integer(draw.between("number", 0, 980))});
  }
}

Statement SwarmStatements::failing_statement(const Draw& draw) {
  switch (actor_draw_.between("failing-kind", 0, 4, sim::below(draw.bits("failing"), 2))) {
    case 0: return make("INSERT INTO t(id,k,n,v) VALUES(1,'twice',0,NULL)");
    case 1: return make("UPDATE t SET id=1 WHERE id>=?", {existing_id(draw)});
    case 2: return make("ALTER TABLE t RENAME COLUMN nothing TO something");
    case 3: return make("INSERT INTO t(id,k,n,v) VALUES(?,NULL,1,NULL)", {new_id()});
    default: return make("INSERT INTO nowhere VALUES(?)", {row_number(draw)});
  }
}

Statement SwarmStatements::read(const Draw& draw) {
  // Two kinds an actor: preparing a text costs more than running it once.
  const int64_t kind = actor_draw_.between("read-kind", 0, 5, sim::below(draw.bits("read"), 2));
  switch (kind) {
    case 0: return make("SELECT k,n,v FROM t WHERE id=?", {existing_id(draw)});
    case 1: return make("SELECT id,n FROM t WHERE k>=? ORDER BY k,id LIMIT 8", {key(draw)});
    case 2:
      return make("SELECT id,k FROM t WHERE n BETWEEN ? AND ?1+60 ORDER BY n,id",
                  {integer(draw.between("number", 0, 940))});
    case 3: return make("SELECT count(*),sum(n),sum(length(v)),min(k),max(k) FROM t");
    case 4:
      return make(
          "SELECT (SELECT count(*) FROM t INDEXED BY t_n WHERE n>=?)"
          "=(SELECT count(*) FROM t NOT INDEXED WHERE n>=?1)",
          {row_number(draw)});
    default:
      return make(
          "WITH a AS (SELECT n/100 AS g,count(*) AS c FROM t GROUP BY g) "
          "SELECT g,c FROM a ORDER BY g");
  }
}

Statement SwarmStatements::write(const Draw& draw) {
  if (features_.small_pieces && draw.percent("counter", 60)) {
    return make("UPDATE c SET n=n+1 WHERE id=?", {integer(draw.between("counter-id", 1, 20))});
  }
  if (features_.failing_statements && draw.percent("fail", 6)) return failing_statement(draw);
  if (features_.random_values && draw.percent("random", 20)) return random_statement(draw);
  if (features_.large_values && draw.percent("large", 3)) {
    return insert_row(draw, large_value(draw));
  }
  const int64_t roll = draw.between("write", 0, 99);
  if (roll < 40) return insert(draw);
  if (roll < 68) return update_keys(draw);
  if (roll < 78) return remove(draw);
  return actor_draw_.percent("upserts", 50) ? upsert(draw) : update_value(draw);
}

}  // namespace squall::scenarios
