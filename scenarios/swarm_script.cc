// The script of a swarm actor: one table with two indexes, so that an ordinary commit dirties three
// pages or four, and transactions of the families that the seed has switched on.
#include "scenarios/swarm_statements.h"

namespace squall::scenarios {

namespace {

using sim::Parameter;
using sim::Statement;
using Shrink = SwarmFeatures::Shrink;

class ScriptWriter {
 public:
  ScriptWriter(const Draw& draw, const SwarmFeatures& features, ActorId actor, PlanBuilder* builder)
      : draw_(draw),
        features_(features),
        actor_(actor),
        builder_(*builder),
        sql_(draw, features, builder) {}

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
  void add_extras(const Draw& draw, std::vector<Statement>* statements);
  void add_last();
  std::vector<Statement> statements_of(const Draw& draw);

  const Draw draw_;
  const SwarmFeatures& features_;
  const ActorId actor_;
  PlanBuilder& builder_;
  SwarmStatements sql_;
};

void ScriptWriter::add_extras(const Draw& draw, std::vector<Statement>* statements) {
  if (features_.operation_log && draw.percent("log", 60)) {
    statements->push_back(sql_.log(draw));
  }
  if (features_.savepoints && draw.percent("savepoint", 40)) {
    statements->push_back(sql_.make("SAVEPOINT s"));
    statements->push_back(sql_.write(draw.part("in-savepoint")));
    if (draw.percent("undo", 50)) statements->push_back(sql_.make("ROLLBACK TO s"));
    statements->push_back(sql_.make("RELEASE s"));
  }
  if (features_.temp_tables && draw.percent("temp", 30)) {
    statements->push_back(sql_.make("CREATE TEMP TABLE tmp(x INTEGER PRIMARY KEY,y)"));
    statements->push_back(
        sql_.make("INSERT INTO tmp SELECT id,k FROM t WHERE n<? ORDER BY id", {row_number(draw)}));
    statements->push_back(sql_.make("SELECT count(*),max(y) FROM tmp"));
    statements->push_back(sql_.make("DROP TABLE tmp"));
  }
  if (features_.index_churn && draw.percent("churn", 30)) {
    switch (draw.between("churn-kind", 0, 3)) {
      case 0: statements->push_back(sql_.make("CREATE INDEX IF NOT EXISTS t_x ON t(n,k)")); break;
      case 1: statements->push_back(sql_.make("DROP INDEX IF EXISTS t_x")); break;
      case 2: statements->push_back(sql_.make("REINDEX t_k")); break;
      default: statements->push_back(sql_.make("ANALYZE")); break;
    }
  }
}

std::vector<Statement> ScriptWriter::statements_of(const Draw& draw) {
  std::vector<Statement> statements;
  if (features_.holes && draw.percent("hole-at", 8)) add_hole(draw, &statements);
  const int64_t count = draw.pick<int64_t>("statements", {1, 1, 2, 3});
  for (int64_t i = 0; i < count; ++i) {
    statements.push_back(sql_.write(draw.part("statement", static_cast<uint64_t>(i))));
  }
  add_extras(draw, &statements);
  if (draw.percent("read-back", 25)) statements.push_back(sql_.read(draw));
  return statements;
}

void ScriptWriter::add_transaction(uint64_t index) {
  const Draw draw = draw_.part("transaction", index);
  sim::Transaction* transaction = nullptr;
  if (draw.percent("read-only", 7)) {
    transaction = &builder_.add(actor_, {sql_.read(draw)});
  } else if (draw.percent("autocommit", 70)) {
    transaction = &builder_.add(actor_, {sql_.write(draw)});
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
  const auto size_bytes = static_cast<uint32_t>(draw.between("hole", 9'000, 60'000));
  statements->push_back(sql_.insert_row(draw, zeros(size_bytes)));
  statements->push_back(sql_.remove_newest());
}

// Twenty pages and more in one commit: beyond the largest delta where features.staged made it
// small.
void ScriptWriter::add_bulk(uint64_t index) {
  const Draw draw = draw_.part("bulk", index);
  const auto size_bytes = static_cast<uint32_t>(draw.between("size", 66'000, 140'000));
  const uint64_t salt = draw.bits("salt") >> 32;
  const Parameter value =
      draw.percent("text", 70) ? text(size_bytes, salt) : random_bytes(size_bytes, salt);
  std::vector<Statement> statements;
  statements.push_back(sql_.insert_row(draw, value));
  statements.push_back(sql_.update_keys(draw));
  sim::Transaction& transaction = builder_.add_explicit(actor_, std::move(statements));
  transaction.rollback = features_.rollbacks && draw.percent("rollback", 15);
  if (features_.control && draw.percent("contested", 50))
    contest(draw.part("contest"), transaction.id);
  // Later commits reuse the pages, or a shrink gives them back.
  builder_.add(actor_, {sql_.remove_newest()});
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
  Statement removal =
      draw.percent("all", 30)
          ? sql_.make("DELETE FROM t")
          : sql_.make("DELETE FROM t WHERE n<?", {integer(draw.between("below", 400, 900))});
  builder_.add(actor_, {std::move(removal)});
  if (features_.shrink == Shrink::kVacuum) builder_.add_vacuum(actor_);
  if (features_.shrink == Shrink::kIncrementalVacuum) {
    const bool all = draw.percent("every-page", 50);
    builder_.add(
        actor_, {sql_.outside(all ? "PRAGMA incremental_vacuum" : "PRAGMA incremental_vacuum(3)")});
  }
  std::vector<Statement> regrowth;
  if (draw.percent("holes", 50)) add_hole(draw, &regrowth);
  for (uint64_t i = 0; i < 4; ++i) regrowth.push_back(sql_.insert(draw.part("regrow", i)));
  builder_.add_explicit(actor_, std::move(regrowth));
}

void ScriptWriter::add_schema() {
  // Takes effect only before the first table is there.
  if (features_.shrink == Shrink::kAutoVacuum) {
    builder_.add(actor_, {sql_.outside("PRAGMA auto_vacuum=FULL")});
  } else if (features_.shrink == Shrink::kIncrementalVacuum) {
    builder_.add(actor_, {sql_.outside("PRAGMA auto_vacuum=INCREMENTAL")});
  }
  std::vector<Statement> schema = {
      sql_.make("CREATE TABLE t(id INTEGER PRIMARY KEY,k TEXT NOT NULL,n INTEGER,v)"),
      sql_.make("CREATE INDEX t_k ON t(k)"), sql_.make("CREATE INDEX t_n ON t(n)")};
  if (features_.operation_log) {
    schema.push_back(sql_.make("CREATE TABLE l(id INTEGER PRIMARY KEY,what INTEGER)"));
  }
  if (features_.small_pieces) {
    schema.push_back(sql_.make("CREATE TABLE c(id INTEGER PRIMARY KEY,n INTEGER)"));
    schema.push_back(
        sql_.make("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM r WHERE "
                  "i<20) INSERT INTO c SELECT i,1000+i FROM r"));
  }
  builder_.add_explicit(actor_, std::move(schema));
}

void ScriptWriter::add_rows() {
  const int64_t rows = draw_.between("rows", 24, 64);
  builder_.add(actor_, {sql_.fill(rows, draw_.between("row-bytes", 60, 360))});
  if (features_.wide && actor_ == 1) builder_.add(actor_, {sql_.widen(rows)});
}

// Every profile refuses them.
void ScriptWriter::add_refused_pragma() {
  const auto pragma = draw_.pick<std::string_view>(
      "pragma", {"PRAGMA synchronous=OFF", "PRAGMA synchronous=0", "PRAGMA journal_mode=WAL",
                 "PRAGMA journal_mode=WAL", "PRAGMA journal_mode=OFF"});
  builder_.add(actor_, {sql_.outside(pragma)});
  const auto other = draw_.pick<std::string_view>(
      "other-pragma", {"PRAGMA journal_mode=TRUNCATE", "PRAGMA journal_mode=PERSIST",
                       "PRAGMA page_size=8192", "PRAGMA cache_spill=ON"});
  builder_.add(actor_, {sql_.outside(other)});
}

// Runs when the faults are over: everything that is there must come back.
void ScriptWriter::add_last() {
  if (draw_swarm_ending(draw_.part("ending"), features_, actor_, &builder_)) return;
  builder_.add_explicit(
      actor_, {sql_.insert(draw_.part("last")), sql_.make("SELECT id,k,n,v FROM t ORDER BY id")});
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
