#include "sim/session_watch.h"

#include <strings.h>

#include "sim/oracle/acked_durable.h"
#include "sim/oracle/actor_isolation.h"
#include "sim/oracle/api_contract.h"
#include "sim/oracle/bounded_memory.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"
#include "sim/oracle/sql_twin.h"
#include "sim/session_connection.h"

namespace squall::sim {
namespace {

SessionLink announce(const SessionEnvironment& environment) {
  environment.oracle->expect_session(environment.actor, environment.owner);
  return environment.oracle->link(environment.actor, environment.owner);
}

bool is_vacuum(const std::string& sql) { return strncasecmp(sql.c_str(), "VACUUM", 6) == 0; }

}  // namespace

SessionWatch::SessionWatch(const SessionEnvironment& environment)
    : environment_(environment),
      link_(announce(environment)),
      transport_(*environment.transport, link_, environment.owner, *environment.knobs,
                 environment_.process_dead) {}

std::unique_ptr<RecorderVfs> SessionWatch::make_recorder(sqlite3_vfs* below, Profile profile) {
  sqlite3_int64 julian_ms = 0;
  below->xCurrentTimeInt64(below, &julian_ms);
  if (watching())
    check_clock(*link_.judge, *link_.truth, julian_ms, environment_.runtime->wall_us());
  const bool known = environment_.knobs->batch_atomic != 0;
  return std::make_unique<RecorderVfs>(
      below, link_, *environment_.pool, environment_.process_dead, profile,
      known ? RecorderVfs::Batches::kKnown : RecorderVfs::Batches::kHidden);
}

bool SessionWatch::watching() const {
  return !link_.judge->silent() && !link_.truth->ended && !environment_.process_dead();
}

Twin& SessionWatch::twin() { return materialize_twin(*link_.truth, *environment_.workload); }

void SessionWatch::took_over() {
  link_.truth = environment_.oracle->link(environment_.actor, environment_.owner).truth;
  if (watching()) check_takeover_acked(*link_.judge, *link_.truth);
}

void SessionWatch::opened(sqlite3* database, Profile profile) {
  if (!watching()) return;
  const Knobs& knobs = *environment_.knobs;
  check_opened_profile(*link_.judge, *link_.truth, static_cast<Profile>(knobs.vfs_profile), profile,
                       knobs.batch_atomic != 0);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, "PRAGMA main.journal_mode", -1, &statement, nullptr);
  const bool row = sqlite3_step(statement) == SQLITE_ROW;
  const auto* mode =
      row ? reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)) : "unknown";
  check_journal_mode(*link_.judge, *link_.truth, profile, mode);
  sqlite3_finalize(statement);
}

SessionWatch::TwinPart SessionWatch::part_of(uint16_t sql) const {
  const SqlText& text = environment_.workload->sql[sql];
  if (is_vacuum(text.text)) return TwinPart::kVacuum;
  if (text.skip_twin) return TwinPart::kNone;
  return text.outside_transaction ? TwinPart::kAfter : TwinPart::kFirst;
}

void SessionWatch::run_in_twin(const Statement& statement, std::span<const std::string> bytes) {
  twin().random().begin(key_);
  twin_result_ = twin().statements().run(statement, bytes);
}

void SessionWatch::commit_twin() {
  if (twin().commit() != SQLITE_OK) twin().rollback();
}

void SessionWatch::before_statement(const Statement& statement, std::span<const std::string> bytes,
                                    uint64_t key, bool is_explicit, SessionConnection& product) {
  SessionTruth& truth = *link_.truth;
  part_ = part_of(statement.sql);
  key_ = key;
  is_explicit_ = is_explicit;
  was_in_transaction_ = product.in_transaction();
  truth.on_landing = TwinOnLanding::kNothing;
  if (!watching()) return;
  if (part_ == TwinPart::kVacuum) truth.on_landing = TwinOnLanding::kVacuum;
  Twin& native = twin();
  native.set_time_us(environment_.runtime->wall_us());
  if (part_ != TwinPart::kFirst) return;
  // A statement that the twin did not run, or that was refused, may have left another row id there.
  native.statements().set_last_insert_rowid(product.statements().last_insert_rowid());
  if (!native.in_transaction() && !native.statements().is_query(statement.sql)) native.begin();
  run_in_twin(statement, bytes);
  if (!is_explicit) truth.on_landing = TwinOnLanding::kCommit;
}

void SessionWatch::after_shortage(const Statement& statement, std::span<const std::string> bytes,
                                  const SessionConnection& connection) {
  if (!watching() || !was_in_transaction_ || connection.in_transaction()) return;
  // Where the statement itself ends the transaction, the twin has left it too.
  Twin& native = twin();
  if (!native.in_transaction()) return;
  native.rollback();
  if (part_ != TwinPart::kFirst) return;
  native.begin();
  run_in_twin(statement, bytes);
  commit_twin();
}

void SessionWatch::after_statement(const Statement& statement, std::span<const std::string> bytes,
                                   const StatementResult& product,
                                   const SessionConnection& connection) {
  SessionTruth& truth = *link_.truth;
  truth.on_landing = TwinOnLanding::kNothing;
  if (!watching()) return;
  ++link_.figures->statements;
  const std::string& sql = environment_.workload->sql[statement.sql].text;
  if (product.code == SQLITE_OK) check_pragma(*link_.judge, truth, sql);
  Twin& native = twin();
  if (part_ == TwinPart::kAfter && product.code == SQLITE_OK) run_in_twin(statement, bytes);
  const bool compares =
      part_ == TwinPart::kFirst || (part_ == TwinPart::kAfter && product.code == SQLITE_OK);
  if (compares && !check_same_result(*link_.judge, truth, sql, twin_result_, product)) return;
  if (is_explicit_ || connection.in_transaction()) {
    check_same_transaction(*link_.judge, truth, sql, native.in_transaction(),
                           connection.in_transaction());
    return;
  }
  if (native.in_transaction()) commit_twin();
  check_nothing_pending(*link_.judge, truth);
  between_transactions(connection);
}

void SessionWatch::between_transactions(const SessionConnection& connection) {
  SessionTruth& truth = *link_.truth;
  check_session_memory(*link_.judge, truth, connection.memory_use(), *environment_.knobs);
}

void SessionWatch::before_begin() {
  link_.truth->on_landing = TwinOnLanding::kNothing;
  if (watching()) twin().begin();
}

// After a commit that failed, what a rollback restores is not the transaction.
void SessionWatch::before_end(FixedStatement how) {
  link_.truth->on_landing =
      how == FixedStatement::kCommit ? TwinOnLanding::kCommit : TwinOnLanding::kNothing;
}

void SessionWatch::after_end(FixedStatement how, int product_code,
                             const SessionConnection& connection) {
  SessionTruth& truth = *link_.truth;
  truth.on_landing = TwinOnLanding::kNothing;
  if (!watching()) return;
  Twin& native = twin();
  if (how == FixedStatement::kRollback) return native.rollback();
  // A landing has committed the twin already.
  const int code = native.in_transaction() ? native.commit() : SQLITE_OK;
  if (!check_same_code(*link_.judge, truth, "commit", code, product_code)) return;
  if (product_code != SQLITE_OK) return;
  check_nothing_pending(*link_.judge, truth);
  between_transactions(connection);
}

void SessionWatch::rolled_back() {
  link_.truth->on_landing = TwinOnLanding::kNothing;
  if (watching()) twin().rollback();
}

void SessionWatch::file_died(const std::string& why) {
  if (!watching()) return;
  const SessionTruth& truth = *link_.truth;
  if (truth.attempt == Attempt::kUnknown && truth.attempt_landed)
    link_.probes->hit(WorldProbe::kLandedUnheard);
  check_own_death(*link_.judge, truth, why);
}

// What a landing means stays as it is: a commit that was under way when the process died may still
// land.
void SessionWatch::closing() {
  if (environment_.process_dead()) link_.truth->ended = true;
}

void SessionWatch::closed() {
  environment_.oracle->process_ended(environment_.actor, environment_.owner);
}

}  // namespace squall::sim
