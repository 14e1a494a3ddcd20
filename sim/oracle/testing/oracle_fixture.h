// A whole system on one stack for the oracle's tests: sessions with real SQLite, one engine, the
// simulated store, and an oracle that watches. Requests are served inline; a test may stand between
// session and engine, or write to the store behind everyone's back.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/head.h"
#include "engine/keys.h"
#include "engine/testing/test_runtime.h"
#include "sim/engine_knobs.h"
#include "sim/oracle/oracle.h"
#include "sim/oracle/session_truth.h"
#include "sim/session.h"
#include "sim/sqlite_memory.h"
#include "sim/store/scripted_pacer.h"
#include "sim/store/simulated_store.h"

namespace squall::sim::test_support {

using CallResult = tl::expected<Reply, TransportError>;

class InlineTransport final : public Transport {
 public:
  explicit InlineTransport(Engine& engine) : engine_(engine) {}
  CallResult call(Request request) override {
    if (on_call) {
      if (std::optional<CallResult> answer = on_call(request)) return *std::move(answer);
    }
    return serve(request);
  }
  void post(Request request) override { static_cast<void>(call(std::move(request))); }
  Reply serve(const Request& request) { return engine_.handle(request); }

  // Answers in the engine's place, or changes the request and gives nothing.
  std::function<std::optional<CallResult>(Request&)> on_call;

 private:
  Engine& engine_;
};

class OracleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    hook_sqlite_memory();
    plan.knobs = knobs();
    engine = std::make_unique<Engine>(engine_options(plan.knobs), store, runtime, pool);
    transport = std::make_unique<InlineTransport>(*engine);
    oracle = std::make_unique<Oracle>(
        OracleOptions{&store, &plan, [this] { return runtime.now_us(); },
                      [this](const Violation& violation) { violations.push_back(violation); }});
    store.add_observer(oracle.get());
  }
  void TearDown() override {
    session.reset();
    store.remove_observer(oracle.get());
    clear_planted();
  }
  virtual Knobs knobs() { return Knobs(); }

  std::unique_ptr<Session> make_session(Owner owner, ActorId actor = 1) {
    SessionEnvironment environment;
    environment.oracle = oracle.get();
    environment.actor = actor;
    environment.owner = owner;
    environment.hints.max_bytes = static_cast<uint32_t>(plan.knobs.preload_bytes);
    environment.knobs = &plan.knobs;
    environment.workload = &plan.workload;
    environment.transport = transport.get();
    environment.runtime = &runtime;
    environment.pool = &pool;
    environment.process_dead = [this] { return process_dead; };
    environment.allocation_to_fail = [this] { return std::exchange(allocation_to_fail, 0); };
    return std::make_unique<Session>(std::move(environment));
  }
  // The next owner's session, open.
  void start(ActorId actor = 1) {
    session.reset();
    session = make_session({++starts, 1000 + starts}, actor);
    EXPECT_EQ(session->open(), Session::Opened::kReady);
  }
  Owner owner() const { return {starts, 1000 + starts}; }

  Statement statement(const std::string& sql, std::vector<Parameter> parameters = {}) {
    Statement result;
    auto& texts = plan.workload.sql;
    size_t index = 0;
    while (index < texts.size() && texts[index].text != sql) ++index;
    if (index == texts.size()) {
      const bool alone = sql.starts_with("VACUUM") || sql.starts_with("PRAGMA");
      texts.push_back({sql, alone, alone});
    }
    result.sql = static_cast<uint16_t>(index);
    result.parameters = std::move(parameters);
    return result;
  }
  Session::Outcome run(const std::string& sql, std::vector<Parameter> parameters = {}) {
    Transaction transaction;
    transaction.statements.push_back(statement(sql, std::move(parameters)));
    return session->run(transaction, ++keys);
  }
  Session::Outcome run_explicit(const std::vector<std::string>& sqls, bool rollback = false) {
    Transaction transaction;
    transaction.explicit_transaction = true;
    transaction.rollback = rollback;
    for (const std::string& sql : sqls) transaction.statements.push_back(statement(sql));
    return session->run(transaction, ++keys);
  }
  static Parameter blob(uint32_t size_bytes, uint64_t salt = 1) {
    Parameter parameter;
    parameter.kind = Parameter::Kind::kRandom;
    parameter.size_bytes = size_bytes;
    parameter.salt = salt;
    return parameter;
  }

  // Writes to the store behind everyone's back: the rows given (no value: cleared), and the head as
  // edit leaves it, its usage corrected for both.
  void tamper(std::vector<std::pair<Key, std::optional<SharedBytes>>> rows,
              const std::function<void(Head&)>& edit, ActorId actor = 1) {
    Head head = stored_head(actor);
    auto transaction = store.begin();
    for (auto& [key, value] : rows) {
      const StoreValue before = store.peek(key);
      if (before) head.storage_used -= key.size() + before->size();
      if (value) head.storage_used += key.size() + value->size();
      if (value) {
        ASSERT_TRUE(transaction->set(key, *value));
      } else {
        ASSERT_TRUE(transaction->clear(key));
      }
    }
    if (edit) edit(head);
    ASSERT_TRUE(transaction->set(head_key(actor), encode_head(actor, head)));
    ASSERT_TRUE(transaction->commit());
  }
  Head stored_head(ActorId actor = 1) { return *decode_head(actor, *store.peek(head_key(actor))); }

  void compact(ActorId actor = 1) {
    for (;;) {
      const auto outcome = engine->compact(actor);
      ASSERT_TRUE(outcome) << outcome.error().message;
      if (*outcome == PassOutcome::kConverged) return;
    }
  }

  // As an operator does.
  void set_quota(int64_t bytes, ActorId actor = 1) {
    oracle->quota_asked(actor, static_cast<uint64_t>(bytes));
    ASSERT_TRUE(engine->set_storage_max(actor, static_cast<uint64_t>(bytes)));
  }

  void expect_holds() {
    oracle->check_stored();
    for (const Violation& violation : violations)
      ADD_FAILURE() << violation.signature() << ": " << violation.message;
  }
  // Exactly this one was reported.
  void expect_violation(const std::string& signature) {
    ASSERT_EQ(violations.size(), 1u) << "nothing was reported";
    EXPECT_EQ(violations[0].signature(), signature) << violations[0].message;
  }
  void expect_says(const std::string& text) const {
    ASSERT_FALSE(violations.empty());
    EXPECT_NE(violations[0].message.find(text), std::string::npos) << violations[0].message;
  }
  uint64_t count(Invariant invariant) const {
    return oracle->counts()[static_cast<size_t>(invariant)];
  }

  Plan plan;
  PagePool pool;
  ScriptedPacer pacer;
  SimulatedStore store{pacer};
  squall::test_support::TestRuntime runtime;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<InlineTransport> transport;
  std::vector<Violation> violations;
  std::unique_ptr<Oracle> oracle;
  std::unique_ptr<Session> session;
  bool process_dead = false;
  uint64_t allocation_to_fail = 0;  // of the next statement
  uint64_t starts = 0;
  uint64_t keys = 0;
};

// With a session open on a table of one row.
class OracleTableTest : public OracleTest {
 protected:
  void SetUp() override {
    OracleTest::SetUp();
    start();
    ASSERT_EQ(run("CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB)"), Session::Outcome::kDone);
    ASSERT_EQ(run("INSERT INTO t(v) VALUES (?1)", {blob(9000)}), Session::Outcome::kDone);
  }
  // Answers every request of one kind in the engine's place.
  template <typename Body>
  void answer(std::function<CallResult(Request&)> with) {
    transport->on_call = [with = std::move(with)](Request& request) -> std::optional<CallResult> {
      if (!std::holds_alternative<Body>(request.body)) return std::nullopt;
      return with(request);
    };
  }
  // Byte 4000 of the first page of each reply is another from here on.
  void change_first_page_of_replies() {
    answer<GetPagesRequest>([this](Request& request) -> CallResult {
      Reply reply = transport->serve(request);
      auto& page = std::get<PagesReply>(reply.body).pages.at(0).page;
      page = pool.build([&](char* bytes) {
        std::memcpy(bytes, page.data(), kPageSizeBytes);
        bytes[4000] ^= 1;
      });
      return reply;
    });
  }
};

}  // namespace squall::sim::test_support
