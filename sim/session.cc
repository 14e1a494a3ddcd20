#include "sim/session.h"

#include <sqlite3.h>

#include <utility>
#include <vector>

#include "engine/assert.h"
#include "sim/keyed_hash.h"
#include "sim/oracle/oracle.h"
#include "sim/session_connection.h"
#include "sim/session_watch.h"
#include "sim/value_generator.h"

namespace squall::sim {
namespace {

bool is_world_code(int code) {
  const int primary = code & 0xFF;
  return primary == SQLITE_IOERR || primary == SQLITE_FULL || primary == SQLITE_NOMEM ||
         primary == SQLITE_CANTOPEN;
}

}  // namespace

struct Session::State {
  explicit State(SessionEnvironment given) : environment(std::move(given)) {}

  SessionEnvironment environment;
  std::unique_ptr<SessionWatch> watch;  // null without an oracle
  std::unique_ptr<SessionConnection> connection;
  std::vector<std::string> bytes;  // of the parameters of the statement at hand

  std::span<const std::string> generate(const Statement& statement);
  Opened failed_to_open(ErrorCode code) const;
  // What a failing code of the product means: kRefused, kWorldError or kDead. Leaves no transaction
  // open.
  Outcome after_world_error(int code);
  bool is_world_error(int code, bool out_of_memory) const;
  Outcome run_statement(const Statement& statement, uint64_t key, bool is_explicit);
  Outcome run_statements(const Transaction& transaction, uint64_t key);
  Outcome run_explicit(const Transaction& transaction, uint64_t key);
  Outcome end_explicit(FixedStatement how);
  Outcome roll_back();
};

const char* Session::to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone: return "done";
    case Outcome::kSqlError: return "SQL error";
    case Outcome::kRefused: return "refused";
    case Outcome::kWorldError: return "world error";
    case Outcome::kDead: return "dead";
  }
  return "";
}

Session::Session(SessionEnvironment environment)
    : state_(std::make_unique<State>(std::move(environment))) {
  if (state_->environment.oracle != nullptr)
    state_->watch = std::make_unique<SessionWatch>(state_->environment);
}

Session::~Session() {
  if (state_->watch) state_->watch->closing();
  state_->connection.reset();
  if (state_->watch) state_->watch->closed();
}

Session::Opened Session::open() {
  SQUALL_ASSERT(state_->connection == nullptr);
  Transport& transport =
      state_->watch ? state_->watch->transport() : *state_->environment.transport;
  auto opened = SessionConnection::open(state_->environment, transport, state_->watch.get());
  if (!opened) return state_->failed_to_open(opened.error().code);
  state_->connection = std::move(*opened);
  return Opened::kReady;
}

Session::Opened Session::State::failed_to_open(ErrorCode code) const {
  if (environment.process_dead()) return Opened::kDead;
  return code == ErrorCode::kSuperseded ? Opened::kSuperseded : Opened::kFailed;
}

bool Session::usable() const {
  return state_->connection != nullptr && !state_->connection->dead();
}

Session::Outcome Session::run(const Transaction& transaction, uint64_t entity_key) {
  SQUALL_ASSERT(state_->connection != nullptr);
  if (state_->environment.process_dead()) return Outcome::kDead;
  if (!usable()) return Outcome::kWorldError;
  return transaction.explicit_transaction ? state_->run_explicit(transaction, entity_key)
                                          : state_->run_statements(transaction, entity_key);
}

std::span<const std::string> Session::State::generate(const Statement& statement) {
  const size_t count = statement.parameters.size();
  if (bytes.size() < count) bytes.resize(count);
  for (size_t i = 0; i < count; ++i) generate_bytes(statement.parameters[i], &bytes[i]);
  return {bytes.data(), count};
}

// The world failed, not the statement: I/O, full, no memory, cannot open; whatever SQLite makes of
// an allocation that failed on the way.
bool Session::State::is_world_error(int code, bool out_of_memory) const {
  return code != SQLITE_OK && (is_world_code(code) || out_of_memory || connection->dead());
}

Session::Outcome Session::State::after_world_error(int code) {
  if (environment.process_dead()) return Outcome::kDead;
  if (connection->dead()) {
    if (watch) watch->file_died(connection->last_error());
    return Outcome::kWorldError;
  }
  const Outcome rolled_back = roll_back();
  if (rolled_back != Outcome::kDone) return rolled_back;
  return (code & 0xFF) == SQLITE_FULL ? Outcome::kRefused : Outcome::kWorldError;
}

Session::Outcome Session::State::run_statement(const Statement& statement, uint64_t key,
                                               bool is_explicit) {
  const std::span<const std::string> values = generate(statement);
  connection->begin_statement(key, environment.runtime->wall_us());
  if (watch && environment.allocation_to_fail) {
    if (const uint64_t nth = environment.allocation_to_fail()) connection->fail_allocation(nth);
  }
  if (watch) watch->before_statement(statement, values, key, is_explicit, *connection);
  const StatementResult result = connection->run(statement, values);
  if (environment.process_dead()) return Outcome::kDead;
  const bool out_of_memory = connection->ran_out_of_memory();
  if (is_world_error(result.code, out_of_memory)) return after_world_error(result.code);
  if (watch && out_of_memory) watch->after_shortage(statement, values, *connection);
  if (watch) watch->after_statement(statement, values, result, *connection);
  return result.code == SQLITE_OK ? Outcome::kDone : Outcome::kSqlError;
}

Session::Outcome Session::State::run_statements(const Transaction& transaction, uint64_t key) {
  Outcome outcome = Outcome::kDone;
  uint64_t index = 0;
  for (const Statement& statement : transaction.statements) {
    const Outcome one = run_statement(statement, keyed_hash(key, index++), false);
    if (one == Outcome::kSqlError) outcome = one;
    if (one != Outcome::kDone && one != Outcome::kSqlError) return one;
  }
  const Outcome rolled_back = roll_back();  // of a savepoint that was left open
  return rolled_back == Outcome::kDone ? outcome : rolled_back;
}

Session::Outcome Session::State::run_explicit(const Transaction& transaction, uint64_t key) {
  if (watch) watch->before_begin();
  const int code = connection->run_fixed(FixedStatement::kBegin);
  if (environment.process_dead()) return Outcome::kDead;
  if (code != SQLITE_OK) return after_world_error(code);
  Outcome outcome = Outcome::kDone;
  uint64_t index = 0;
  for (const Statement& statement : transaction.statements) {
    const Outcome one = run_statement(statement, keyed_hash(key, index++), true);
    if (one == Outcome::kSqlError) outcome = one;
    if (one != Outcome::kDone && one != Outcome::kSqlError) return one;
    if (!connection->in_transaction()) return outcome;  // ON CONFLICT ROLLBACK ended it
  }
  if (transaction.leave_open) return outcome;
  const Outcome ended =
      end_explicit(transaction.rollback ? FixedStatement::kRollback : FixedStatement::kCommit);
  return ended == Outcome::kDone ? outcome : ended;
}

Session::Outcome Session::State::end_explicit(FixedStatement how) {
  if (watch) watch->before_end(how);
  const int code = connection->run_fixed(how);
  if (environment.process_dead()) return Outcome::kDead;
  if (is_world_error(code, connection->ran_out_of_memory())) return after_world_error(code);
  if (watch) watch->after_end(how, code, *connection);
  if (code == SQLITE_OK) return Outcome::kDone;
  const Outcome rolled_back = roll_back();
  return rolled_back == Outcome::kDone ? Outcome::kSqlError : rolled_back;
}

Session::Outcome Session::State::roll_back() {
  if (!connection->in_transaction()) {
    if (watch) watch->rolled_back();
    return Outcome::kDone;
  }
  if (watch) watch->before_end(FixedStatement::kRollback);
  const int code = connection->statements().run_fixed(FixedStatement::kRollback);
  if (environment.process_dead()) return Outcome::kDead;
  if (code != SQLITE_OK || connection->dead()) return Outcome::kWorldError;
  if (watch) watch->rolled_back();
  return Outcome::kDone;
}

}  // namespace squall::sim
