// The SQL of a swarm actor. Every database has one table with two indexes, so that an ordinary
// commit dirties three pages or four; families of other statements are switched on by seed.
// Everything is deterministic: explicit integer keys (VACUUM may renumber others), ORDER BY
// wherever rows come back, no clock.
#include <array>

#include "scenarios/swarm.h"

namespace squall::scenarios {

namespace {

using sim::Parameter;
using sim::Statement;
using Shrink = SwarmFeatures::Shrink;

// Around the edges of pages and chunks, where this kind of system has failed before.
constexpr std::array<uint32_t, 15> kEdgeSizes = {1,     4095,  4096,    4097,   8191,
                                                 8192,  8193,  16'384,  32768,  65535,
                                                 65536, 98304, 100'000, 131072, 3500};

class ScriptWriter {
 public:
  ScriptWriter(const Draw& draw, const SwarmFeatures& features, ActorId actor, PlanBuilder* builder)
      : draw_(draw), features_(features), actor_(actor), builder_(*builder) {}

  void write();

 private:
  void add_schema();
  void add_rows();
  void add_transaction(uint64_t index);
  void add_bulk(uint64_t index);
  void contest(const Draw& draw, uint32_t transaction);
  void add_shrink(uint64_t index);
  void add_refused_pragma();
  void add_hole(const Draw& draw, std::vector<Statement>* statements);
  void add_last();

  std::vector<Statement> statements_of(const Draw& draw);
  Statement write_statement(const Draw& draw);
  void add_extras(const Draw& draw, std::vector<Statement>* statements);

  Statement insert(const Draw& draw);
  Statement update_keys(const Draw& draw);
  Statement update_value(const Draw& draw);
  Statement upsert(const Draw& draw);
  Statement remove(const Draw& draw);
  Statement random_statement(const Draw& draw);
  Statement failing_statement(const Draw& draw);
  Statement read_statement(const Draw& draw);

  Parameter existing_id(const Draw& draw) const { return integer(draw.between("id", 1, last_id_)); }
  Parameter new_id() { return integer(++last_id_); }
  Parameter key(const Draw& draw) const { return text(14, draw.bits("key") >> 32); }
  Parameter number(const Draw& draw) const { return integer(draw.between("number", 0, 999)); }
  Parameter value(const Draw& draw) const;
  Parameter large_value(const Draw& draw) const;
  Statement make(std::string_view sql, std::vector<Parameter> parameters = {}) {
    return builder_.statement(sql, std::move(parameters));
  }
  Statement outside(std::string_view sql) {
    return builder_.statement(sql, {}, SqlFlags::kOutsideSkipTwin);
  }

  const Draw draw_;
  const SwarmFeatures& features_;
  const ActorId actor_;
  PlanBuilder& builder_;
  int64_t last_id_ = 0;
};

// --- values ---

Parameter ScriptWriter::value(const Draw& draw) const {
  const auto size = static_cast<uint32_t>(draw.scaled("size", 8, 400));
  const uint64_t salt = draw.bits("salt") >> 32;
  switch (draw.between("value", 0, 9)) {
    case 0: return random_bytes(size, salt);
    case 1: return offset_like(size, salt);
    case 2: return zeros(size);
    default: return text(size, salt);
  }
}

Parameter ScriptWriter::large_value(const Draw& draw) const {
  const uint32_t size = kEdgeSizes[sim::below(draw.bits("edge"), kEdgeSizes.size())];
  const uint64_t salt = draw.bits("salt") >> 32;
  switch (draw.between("value", 0, 3)) {
    case 0: return random_bytes(size, salt);
    case 1: return offset_like(size, salt);
    case 2: return zeros(size);
    default: return text(size, salt);
  }
}

// --- single statements ---

Statement ScriptWriter::insert(const Draw& draw) {
  return make("INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)",
              {new_id(), key(draw), number(draw), value(draw)});
}

Statement ScriptWriter::update_keys(const Draw& draw) {
  return make("UPDATE t SET k=?,n=? WHERE id=?", {key(draw), number(draw), existing_id(draw)});
}

Statement ScriptWriter::update_value(const Draw& draw) {
  return make("UPDATE t SET v=?,n=n+1 WHERE id=?", {value(draw), existing_id(draw)});
}

Statement ScriptWriter::upsert(const Draw& draw) {
  return make("INSERT OR REPLACE INTO t(id,k,n,v) VALUES(?,?,?,?)",
              {existing_id(draw), key(draw), number(draw), value(draw)});
}

Statement ScriptWriter::remove(const Draw& draw) {
  if (draw.percent("one", 80)) return make("DELETE FROM t WHERE id=?", {existing_id(draw)});
  const int64_t first = draw.between("number", 0, 980);
  return make("DELETE FROM t WHERE n BETWEEN ? AND ?", {integer(first), integer(first + 15)});
}

Statement ScriptWriter::random_statement(const Draw& draw) {
  switch (draw_.between("random-kind", 0, 2)) {
    case 0:
      return make("UPDATE t SET v=randomblob(?),n=abs(random()%1000) WHERE id=?",
                  {integer(draw.scaled("size", 8, 1'000)), existing_id(draw)});
    case 1:
      return make("INSERT INTO t(id,k,n,v) VALUES(?,hex(randomblob(6)),abs(random()%1000),?)",
                  {new_id(), value(draw)});
    default:
      return make("UPDATE t SET n=abs(random()%1000) WHERE n BETWEEN ? AND ?1+10",
                  {integer(draw.between("number", 0, 980))});
  }
}

Statement ScriptWriter::failing_statement(const Draw& draw) {
  switch (draw_.between("failing-kind", 0, 4, sim::below(draw.bits("failing"), 2))) {
    case 0: return make("INSERT INTO t(id,k,n,v) VALUES(1,'twice',0,NULL)");
    case 1: return make("UPDATE t SET id=1 WHERE id>=?", {existing_id(draw)});
    case 2: return make("ALTER TABLE t RENAME COLUMN nothing TO something");
    case 3: return make("INSERT INTO t(id,k,n,v) VALUES(?,NULL,1,NULL)", {new_id()});
    default: return make("INSERT INTO nowhere VALUES(?)", {number(draw)});
  }
}

Statement ScriptWriter::read_statement(const Draw& draw) {
  // Two kinds an actor: preparing a text costs more than running it once.
  const int64_t kind = draw_.between("read-kind", 0, 5, sim::below(draw.bits("read"), 2));
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
          {number(draw)});
    default:
      return make(
          "WITH a AS (SELECT n/100 AS g,count(*) AS c FROM t GROUP BY g) "
          "SELECT g,c FROM a ORDER BY g");
  }
}

Statement ScriptWriter::write_statement(const Draw& draw) {
  if (features_.small_pieces && draw.percent("counter", 60)) {
    return make("UPDATE c SET n=n+1 WHERE id=?", {integer(draw.between("counter-id", 1, 20))});
  }
  if (features_.failing_statements && draw.percent("fail", 6)) return failing_statement(draw);
  if (features_.random_values && draw.percent("random", 20)) return random_statement(draw);
  if (features_.large_values && draw.percent("large", 3)) {
    return make("INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)",
                {new_id(), key(draw), number(draw), large_value(draw)});
  }
  const int64_t roll = draw.between("write", 0, 99);
  if (roll < 40) return insert(draw);
  if (roll < 68) return update_keys(draw);
  if (roll < 78) return remove(draw);
  return draw_.percent("upserts", 50) ? upsert(draw) : update_value(draw);
}

// --- transactions ---

void ScriptWriter::add_extras(const Draw& draw, std::vector<Statement>* statements) {
  if (features_.operation_log && draw.percent("log", 60)) {
    statements->push_back(make("INSERT INTO l(id,what) VALUES(?,?)", {new_id(), number(draw)}));
  }
  if (features_.savepoints && draw.percent("savepoint", 40)) {
    statements->push_back(make("SAVEPOINT s"));
    statements->push_back(write_statement(draw.part("in-savepoint")));
    if (draw.percent("undo", 50)) statements->push_back(make("ROLLBACK TO s"));
    statements->push_back(make("RELEASE s"));
  }
  if (features_.temp_tables && draw.percent("temp", 30)) {
    statements->push_back(make("CREATE TEMP TABLE tmp(x INTEGER PRIMARY KEY,y)"));
    statements->push_back(make("INSERT INTO tmp SELECT id,k FROM t WHERE n<?", {number(draw)}));
    statements->push_back(make("SELECT count(*),max(y) FROM tmp"));
    statements->push_back(make("DROP TABLE tmp"));
  }
  if (features_.index_churn && draw.percent("churn", 30)) {
    switch (draw.between("churn-kind", 0, 3)) {
      case 0: statements->push_back(make("CREATE INDEX IF NOT EXISTS t_x ON t(n,k)")); break;
      case 1: statements->push_back(make("DROP INDEX IF EXISTS t_x")); break;
      case 2: statements->push_back(make("REINDEX t_k")); break;
      default: statements->push_back(make("ANALYZE")); break;
    }
  }
}

std::vector<Statement> ScriptWriter::statements_of(const Draw& draw) {
  std::vector<Statement> statements;
  if (features_.holes && draw.percent("hole-at", 8)) add_hole(draw, &statements);
  const int64_t count = draw.pick<int64_t>("statements", {1, 1, 2, 3});
  for (int64_t i = 0; i < count; ++i) {
    statements.push_back(write_statement(draw.part("statement", static_cast<uint64_t>(i))));
  }
  add_extras(draw, &statements);
  if (draw.percent("read-back", 25)) statements.push_back(read_statement(draw));
  return statements;
}

void ScriptWriter::add_transaction(uint64_t index) {
  const Draw draw = draw_.part("transaction", index);
  sim::Transaction* transaction = nullptr;
  if (draw.percent("read-only", 7)) {
    transaction = &builder_.add(actor_, {read_statement(draw)});
  } else if (draw.percent("autocommit", 70)) {
    transaction = &builder_.add(actor_, {write_statement(draw)});
  } else {
    transaction = &builder_.add_explicit(actor_, statements_of(draw));
    transaction->rollback = features_.rollbacks && draw.percent("rollback", 12);
  }
  if (features_.impatient && draw.percent("abandon", 70)) {
    transaction->on_error = sim::OnError::kAbandon;
  }
  transaction->close_before = features_.reopening && draw.percent("close", 3);
  transaction->leave_open = features_.walkaways && transaction->explicit_transaction &&
                            !transaction->rollback && draw.percent("leave", 12);
  transaction->think_us = draw.percent("idle", 2) ? draw.scaled("idle-us", 50'000, 8'000'000)
                                                  : draw.between("think-us", 0, 3'000);
}

// The pages of the large row are free again before anyone writes them.
void ScriptWriter::add_hole(const Draw& draw, std::vector<Statement>* statements) {
  const auto size = static_cast<uint32_t>(draw.between("hole", 9'000, 60'000));
  statements->push_back(make("INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)",
                             {new_id(), key(draw), number(draw), zeros(size)}));
  statements->push_back(make("DELETE FROM t WHERE id=?", {integer(last_id_)}));
}

// Twenty pages and more in one commit: beyond the largest delta where features.staged made it
// small.
void ScriptWriter::add_bulk(uint64_t index) {
  const Draw draw = draw_.part("bulk", index);
  std::vector<Statement> statements;
  const auto size = static_cast<uint32_t>(draw.between("size", 66'000, 140'000));
  const uint64_t salt = draw.bits("salt") >> 32;
  const Parameter value = draw.percent("text", 70) ? text(size, salt) : random_bytes(size, salt);
  statements.push_back(
      make("INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)", {new_id(), key(draw), number(draw), value}));
  const int64_t large_id = last_id_;
  statements.push_back(update_keys(draw));
  sim::Transaction& transaction = builder_.add_explicit(actor_, std::move(statements));
  transaction.rollback = features_.rollbacks && draw.percent("rollback", 15);
  if (features_.control && draw.percent("contested", 50))
    contest(draw.part("contest"), transaction.id);
  // Later commits reuse the pages, or a shrink gives them back.
  builder_.add(actor_, {make("DELETE FROM t WHERE id=?", {integer(large_id)})});
}

// A takeover comes while the transaction's stage is open, and now and then a compaction that stands
// still.
void ScriptWriter::contest(const Draw& draw, uint32_t transaction) {
  sim::Strike strike;
  strike.fault = sim::Fault::kPause;
  strike.actor = actor_;
  strike.parameter = draw.scaled("for", 2'000, 200'000);
  sim::Strike on_commit = strike;
  on_commit.transaction = transaction;
  on_commit.site = sim::site_id(
      draw.pick<Site>("where", {Site::kStageAfterStoreCommit, Site::kFinalizeAfterManifestRead,
                                Site::kFinalizeBeforeStoreCommit}));
  builder_.plan().strikes.push_back(on_commit);
  strike.kind = sim::EntityKind::kCompaction;
  strike.site = sim::site_id(Site::kCompactAfterSnapshot);
  strike.nth = static_cast<uint32_t>(draw.between("nth", 1, 4));
  if (features_.compaction) builder_.plan().strikes.push_back(strike);
  builder_.add_control(sim::ControlAction::Kind::kMove, actor_, transaction,
                       draw.scaled("delay", 1'000, 60'000));
}

void ScriptWriter::add_shrink(uint64_t index) {
  const Draw draw = draw_.part("shrink", index);
  Statement removal = draw.percent("all", 30) ? make("DELETE FROM t")
                                              : make("DELETE FROM t WHERE n<?",
                                                     {integer(draw.between("below", 400, 900))});
  builder_.add(actor_, {std::move(removal)});
  if (features_.shrink == Shrink::kVacuum) builder_.add_vacuum(actor_);
  if (features_.shrink == Shrink::kIncrementalVacuum) {
    const bool all = draw.percent("every-page", 50);
    builder_.add(actor_,
                 {outside(all ? "PRAGMA incremental_vacuum" : "PRAGMA incremental_vacuum(3)")});
  }
  std::vector<Statement> regrowth;
  if (draw.percent("holes", 50)) add_hole(draw, &regrowth);
  for (uint64_t i = 0; i < 4; ++i) regrowth.push_back(insert(draw.part("regrow", i)));
  builder_.add_explicit(actor_, std::move(regrowth));
}

void ScriptWriter::add_schema() {
  // Takes effect only before the first table is there.
  if (features_.shrink == Shrink::kAutoVacuum) {
    builder_.add(actor_, {outside("PRAGMA auto_vacuum=FULL")});
  } else if (features_.shrink == Shrink::kIncrementalVacuum) {
    builder_.add(actor_, {outside("PRAGMA auto_vacuum=INCREMENTAL")});
  }
  std::vector<Statement> schema = {
      make("CREATE TABLE t(id INTEGER PRIMARY KEY,k TEXT NOT NULL,n INTEGER,v)"),
      make("CREATE INDEX t_k ON t(k)"), make("CREATE INDEX t_n ON t(n)")};
  if (features_.operation_log) {
    schema.push_back(make("CREATE TABLE l(id INTEGER PRIMARY KEY,what INTEGER)"));
  }
  if (features_.small_pieces) {
    schema.push_back(make("CREATE TABLE c(id INTEGER PRIMARY KEY,n INTEGER)"));
    schema.push_back(
        make("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM r WHERE "
             "i<20) INSERT INTO c SELECT i,1000+i FROM r"));
  }
  builder_.add_explicit(actor_, std::move(schema));
}

void ScriptWriter::add_rows() {
  const int64_t rows = draw_.between("rows", 24, 64);
  builder_.add(actor_,
               {make("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<?1) "
                     "INSERT INTO t(id,k,n,v) SELECT i,printf('%08x',(i*2654435761)%4294967296),"
                     "(i*7919)%1000,zeroblob(?2) FROM c",
                     {integer(rows), integer(draw_.between("row-bytes", 60, 360))})});
  last_id_ = rows;
}

// Every profile refuses them.
void ScriptWriter::add_refused_pragma() {
  const auto pragma = draw_.pick<std::string_view>(
      "pragma", {"PRAGMA synchronous=OFF", "PRAGMA synchronous=0", "PRAGMA journal_mode=WAL",
                 "PRAGMA journal_mode=WAL", "PRAGMA journal_mode=OFF"});
  builder_.add(actor_, {outside(pragma)});
}

// Runs when the faults are over: everything that is there must come back.
void ScriptWriter::add_last() {
  builder_.add_explicit(actor_,
                        {insert(draw_.part("last")), make("SELECT id,k,n,v FROM t ORDER BY id")});
}

void ScriptWriter::write() {
  add_schema();
  add_rows();
  draw_swarm_rarities(draw_.part("rarities"), features_, actor_, &builder_);
  const uint64_t count = features_.transactions;
  const uint64_t bulk_at = features_.staged ? sim::below(draw_.bits("bulk-at"), count) : count;
  const uint64_t pragma_at =
      features_.refused_pragmas ? sim::below(draw_.bits("pragma-at"), count) : count;
  const uint64_t shrink_at =
      features_.shrink == Shrink::kNone ? count : sim::below(draw_.bits("shrink-at"), count);
  for (uint64_t i = 0; i < count; ++i) {
    add_transaction(i);
    if (i == bulk_at) add_bulk(i);
    if (i == shrink_at) add_shrink(i);
    if (i == pragma_at) add_refused_pragma();
  }
  add_last();
}

}  // namespace

void draw_swarm_script(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                       PlanBuilder* builder) {
  ScriptWriter(draw, features, actor, builder).write();
}

}  // namespace squall::scenarios
