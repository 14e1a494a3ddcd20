// What SQLite and the engine are left with when a commit meets trouble.
#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

class CommitFailureTest : public ProfileTest {
 protected:
  void SetUp() override {
    process = start();
    ASSERT_TRUE(process->connection) << process->error.message;
    ASSERT_EQ(process->sql("CREATE TABLE t(a); INSERT INTO t VALUES(1)"), SQLITE_OK);
    commits = engine.counts.commits;
  }
  void next_request(Mishap mishap) {
    process->transport.mishaps[process->transport.requests + 1] = mishap;
  }
  void all_requests_from_now(Mishap mishap) {
    for (int i = 1; i < 100; ++i)
      process->transport.mishaps[process->transport.requests + i] = mishap;
  }
  // What another process finds.
  std::string found_by_the_next_process() {
    auto next = start();
    if (!next->connection) return next->error.message;
    return next->query("SELECT * FROM t; PRAGMA integrity_check");
  }
  void expect_dead() {
    EXPECT_TRUE(process->vfs->dead());
    EXPECT_NE(process->vfs->last_error(), "");
    EXPECT_EQ(process->sql("INSERT INTO t VALUES(3)"), SQLITE_IOERR);
    EXPECT_EQ(process->query("SELECT * FROM t"), "error 10");
  }

  std::unique_ptr<Process> process;
  int commits = 0;
};
SQUALL_ALL_PROFILES(CommitFailureTest);

TEST_P(CommitFailureTest, ALostReplyIsAskedForAgainAndAppliesOnce) {
  next_request(Mishap::kReplyLost);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits + 1);
  EXPECT_EQ(engine.counts.replays, 1);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(3)"), SQLITE_OK);
  EXPECT_EQ(found_by_the_next_process(), "1|2|3|ok|");
}

TEST_P(CommitFailureTest, ALostRequestIsSentAgain) {
  next_request(Mishap::kRequestLost);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits + 1);
  EXPECT_EQ(engine.counts.replays, 0);
  EXPECT_EQ(found_by_the_next_process(), "1|2|ok|");
}

TEST_P(CommitFailureTest, WithoutAnAnswerTheSessionDiesAndNothingIsTriedAnotherWay) {
  all_requests_from_now(Mishap::kRequestLost);
  const int requests = process->transport.requests;
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_IOERR);
  EXPECT_EQ(process->transport.requests, requests + 8);
  expect_dead();
  EXPECT_EQ(process->transport.requests, requests + 8);
  EXPECT_EQ(found_by_the_next_process(), "1|ok|");
}

TEST_P(CommitFailureTest, ACommitThatLandedUnheardIsThereForTheNextProcess) {
  all_requests_from_now(Mishap::kReplyLost);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_IOERR);
  expect_dead();
  EXPECT_EQ(engine.counts.commits, commits + 1);
  EXPECT_EQ(found_by_the_next_process(), "1|2|ok|");
}

TEST_P(CommitFailureTest, ATakeoverFencesTheOldSession) {
  auto next = start();
  EXPECT_EQ(next->sql("INSERT INTO t VALUES(7)"), SQLITE_OK);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_IOERR);
  expect_dead();
  EXPECT_EQ(process->vfs->last_error(), "fenced");
  EXPECT_EQ(next->query("SELECT * FROM t; PRAGMA integrity_check"), "1|7|ok|");
}

TEST_P(CommitFailureTest, AnAnswerForAnotherHeadKillsTheSession) {
  next_request(Mishap::kReplyLost);
  process->transport.spy = [this](const Request&) {
    if (engine.counts.commits == commits + 1) engine.actor(1).head.generation = 99;
  };
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_IOERR);
  expect_dead();
  EXPECT_NE(process->vfs->last_error().find("generation 99"), std::string::npos);
}

TEST_P(CommitFailureTest, AFullQuotaIsRefusedAndTheConnectionGoesOn) {
  engine.quota_pages = engine.actor(1).head.size_pages;
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(zeroblob(20000))"), SQLITE_FULL);
  EXPECT_FALSE(process->vfs->dead());
  // Without batches SQLite restores the file itself, by a commit that succeeds.
  EXPECT_EQ(process->vfs->last_error(), GetParam() == Profile::kFallback ? "" : "over quota");
  EXPECT_EQ(process->query("SELECT * FROM t; PRAGMA integrity_check"), "1|ok|");
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_OK);
  EXPECT_EQ(process->vfs->last_error(), "");
  EXPECT_EQ(process->sql("BEGIN; INSERT INTO t VALUES(zeroblob(20000)); COMMIT"), SQLITE_FULL);
  EXPECT_NE(sqlite3_get_autocommit(process->db()), 0);
  engine.quota_pages = UINT32_MAX;
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(zeroblob(20000))"), SQLITE_OK);
  EXPECT_EQ(process->query("SELECT length(a) FROM t; PRAGMA integrity_check"), "1|1|20000|ok|");
  EXPECT_EQ(process->vfs->statistics().refused_commits, 2u);
}

TEST_P(CommitFailureTest, ARefusalAfterAnUnknownOutcomeIsNotBelieved) {
  engine.quota_pages = engine.actor(1).head.size_pages;
  next_request(Mishap::kRequestLost);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(zeroblob(20000))"), SQLITE_IOERR);
  expect_dead();
  EXPECT_EQ(found_by_the_next_process(), "1|ok|");
}

TEST_P(CommitFailureTest, ARefusalThatIsLiftedInTimeEndsInSuccess) {
  engine.quota_pages = engine.actor(1).head.size_pages;
  next_request(Mishap::kRequestLost);
  process->transport.spy = [this, first = process->transport.requests](const Request&) {
    if (process->transport.requests == first + 4) engine.quota_pages = UINT32_MAX;
  };
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(zeroblob(20000))"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits + 1);
}

TEST_P(CommitFailureTest, AKilledProcessSendsNothingMore) {
  next_request(Mishap::kKilledBefore);
  const int requests = process->transport.requests;
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_IOERR);
  expect_dead();
  process->close();
  EXPECT_EQ(process->transport.requests, requests + 1);
  EXPECT_EQ(found_by_the_next_process(), "1|ok|");
}

TEST_P(CommitFailureTest, AFailureBeforeTheRequestOrAfterTheReplyEndsTheSession) {
  process->runtime.fail_site = {{Site::kVfsBeforeCommitRequest, 1}};
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_IOERR);
  expect_dead();
  EXPECT_EQ(engine.counts.commits, commits);
  process = start();
  process->runtime.fail_site = {{Site::kVfsAfterCommitReply, 1}};
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_IOERR);
  expect_dead();
  EXPECT_EQ(found_by_the_next_process(), "1|2|ok|");
}

TEST_P(CommitFailureTest, AnAlterThatFailsByItselfLeavesTheDatabaseWritable) {
  EXPECT_EQ(process->sql("ALTER TABLE t ADD COLUMN a"), SQLITE_ERROR);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(2)"), SQLITE_OK);
  EXPECT_EQ(found_by_the_next_process(), "1|2|ok|");
}

TEST_P(CommitFailureTest, ClosingInATransactionKeepsNothingOfIt) {
  EXPECT_EQ(process->sql("BEGIN; INSERT INTO t VALUES(2)"), SQLITE_OK);
  process->close();
  EXPECT_EQ(engine.counts.commits, commits);
  EXPECT_EQ(found_by_the_next_process(), "1|ok|");
}

}  // namespace
}  // namespace squall::test_support
