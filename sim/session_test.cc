// What a session tells the client that runs transactions on it.
#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

using Outcome = Session::Outcome;

class SessionTest : public OracleTest {
 protected:
  void SetUp() override {
    OracleTest::SetUp();
    start();
    ASSERT_EQ(run("CREATE TABLE t(id INTEGER PRIMARY KEY, x INT UNIQUE)"), Outcome::kDone);
  }
  void TearDown() override {
    expect_holds();
    OracleTest::TearDown();
  }
  Knobs knobs() override {
    Knobs knobs;
    knobs.commit_attempts = 2;
    return knobs;
  }
  void answer_commits(std::optional<ErrorCode> code) {
    transport->on_call = [code](Request& request) -> std::optional<CallResult> {
      if (!std::holds_alternative<CommitRequest>(request.body)) return std::nullopt;
      if (!code) return CallResult(tl::unexpected(TransportError::kUnknown));
      return CallResult(Reply{{}, Error{*code, "said by the test"}});
    };
  }
  uint64_t commits() { return stored_head().head_txid; }
};

TEST_F(SessionTest, AStatementThatFailsAsSqlDoesLeavesTheOthers) {
  Transaction transaction;
  for (const char* sql : {"INSERT INTO t(x) VALUES (1)", "INSERT INTO t(x) VALUES (1)",
                          "INSERT INTO t(x) VALUES (2)"}) {
    transaction.statements.push_back(statement(sql));
  }
  EXPECT_EQ(session->run(transaction, 1), Outcome::kSqlError);
  EXPECT_EQ(commits(), 3u);
}

TEST_F(SessionTest, AnExplicitTransactionIsOneCommit) {
  EXPECT_EQ(run_explicit({"INSERT INTO t(x) VALUES (1)", "INSERT INTO t(x) VALUES (2)"}),
            Outcome::kDone);
  EXPECT_EQ(commits(), 2u);
}

TEST_F(SessionTest, ARollbackCommitsNothing) {
  EXPECT_EQ(run_explicit({"INSERT INTO t(x) VALUES (1)"}, true), Outcome::kDone);
  EXPECT_EQ(commits(), 1u);
}

TEST_F(SessionTest, ATransactionThatItsStatementRolledBackEndsThere) {
  EXPECT_EQ(
      run_explicit({"INSERT OR ROLLBACK INTO t(x) VALUES (1), (1)", "INSERT INTO t(x) VALUES (5)"}),
      Outcome::kSqlError);
  EXPECT_EQ(commits(), 1u);
}

TEST_F(SessionTest, SavepointsOutsideATransactionCommitWithTheOutermost) {
  Transaction transaction;
  for (const char* sql : {"SAVEPOINT a", "INSERT INTO t(x) VALUES (1)", "SAVEPOINT b",
                          "INSERT INTO t(x) VALUES (2)", "ROLLBACK TO b", "RELEASE a"}) {
    transaction.statements.push_back(statement(sql));
  }
  EXPECT_EQ(session->run(transaction, 1), Outcome::kDone);
  EXPECT_EQ(commits(), 2u);
}

TEST_F(SessionTest, ASavepointThatIsLeftOpenIsRolledBack) {
  Transaction transaction;
  for (const char* sql : {"SAVEPOINT a", "INSERT INTO t(x) VALUES (1)"}) {
    transaction.statements.push_back(statement(sql));
  }
  EXPECT_EQ(session->run(transaction, 1), Outcome::kDone);
  EXPECT_EQ(commits(), 1u);
}

TEST_F(SessionTest, ATransactionThatIsLeftOpenIsGoneWithItsSession) {
  Transaction transaction;
  transaction.explicit_transaction = transaction.leave_open = true;
  transaction.statements.push_back(statement("INSERT INTO t(x) VALUES (1)"));
  EXPECT_EQ(session->run(transaction, 1), Outcome::kDone);
  start();
  EXPECT_EQ(commits(), 1u);
  EXPECT_EQ(run("SELECT x FROM t"), Outcome::kDone);
}

TEST_F(SessionTest, ASQLiteWithoutBatchesIsServedWithoutThem) {
  plan.knobs.batch_atomic = 0;
  start();
  EXPECT_EQ(commits(), 1u);
  EXPECT_EQ(run("INSERT INTO t(x) VALUES (1)"), Outcome::kDone);
  EXPECT_EQ(commits(), 2u);
}

TEST_F(SessionTest, ARefusedTransactionLeavesTheSessionUsable) {
  ASSERT_EQ(run("CREATE TABLE large(v)"), Outcome::kDone);
  set_quota(1);
  EXPECT_EQ(run("INSERT INTO large VALUES (zeroblob(20000))"), Outcome::kRefused);
  EXPECT_EQ(run_explicit({"INSERT INTO large VALUES (zeroblob(20000))"}), Outcome::kRefused);
  EXPECT_EQ(run("VACUUM"), Outcome::kDone);
  EXPECT_TRUE(session->usable());
  EXPECT_EQ(run("INSERT INTO t(x) VALUES (1)"), Outcome::kDone);
}

TEST_F(SessionTest, AnUnknownOutcomeEndsTheSession) {
  answer_commits(std::nullopt);
  EXPECT_EQ(run("INSERT INTO t(x) VALUES (1)"), Outcome::kWorldError);
  EXPECT_FALSE(session->usable());
  EXPECT_EQ(run("SELECT x FROM t"), Outcome::kWorldError);
}

TEST_F(SessionTest, ADeadProcessSaysSoAndNothingElse) {
  process_dead = true;
  EXPECT_EQ(run("INSERT INTO t(x) VALUES (1)"), Outcome::kDead);
  session.reset();
  process_dead = false;
  EXPECT_EQ(commits(), 1u);
}

TEST_F(SessionTest, AnOlderStartIsSuperseded) {
  start();
  auto late = make_session({1, 7});
  EXPECT_EQ(late->open(), Session::Opened::kSuperseded);
}

TEST_F(SessionTest, ATableWithoutItsOwnKeyKeepsItsTwinThroughVacuum) {
  EXPECT_EQ(run("CREATE TABLE plain(x)"), Outcome::kDone);
  EXPECT_EQ(run("INSERT INTO plain VALUES (1), (2), (3), (4)"), Outcome::kDone);
  EXPECT_EQ(run("DELETE FROM plain WHERE x = 2"), Outcome::kDone);
  EXPECT_EQ(run("VACUUM"), Outcome::kDone);
  EXPECT_EQ(run("INSERT INTO plain VALUES (5)"), Outcome::kDone);
  EXPECT_EQ(run("SELECT rowid, x FROM plain"), Outcome::kDone);
}

// The twin is inherited with its statements prepared; the session prepares them anew, and fails
// earlier.
TEST_F(SessionTest, AStatementThatFailsWhereverItFailsAgreesWithItsTwin) {
  EXPECT_EQ(run("INSERT INTO t(x) VALUES (1)"), Outcome::kDone);
  EXPECT_EQ(run("CREATE TABLE u(x)"), Outcome::kDone);
  start();
  EXPECT_EQ(run("INSERT INTO t(x) VALUES (2)"), Outcome::kDone);
  EXPECT_EQ(run("CREATE TABLE u(x)"), Outcome::kSqlError);
}

TEST_F(SessionTest, WithoutAnOracleNothingIsWatched) {
  auto all = std::move(oracle);
  store.remove_observer(all.get());
  session.reset();
  session = make_session({1, 1}, 2);
  ASSERT_EQ(session->open(), Session::Opened::kReady);
  EXPECT_EQ(run("CREATE TABLE t(x)"), Outcome::kDone);
  EXPECT_EQ(run("INSERT INTO t VALUES (random())"), Outcome::kDone);
  session.reset();
  oracle = std::move(all);
  store.add_observer(oracle.get());
}

}  // namespace
}  // namespace squall::sim::test_support
