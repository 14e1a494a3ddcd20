// Transactions larger than SQLite's cache. Where it may spill, pages reach the VFS before the
// commit.
#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

class SpillTest : public ProfileTest {
 protected:
  void SetUp() override {
    process = start(1, options(), kTinyCache);
    ASSERT_TRUE(process->connection) << process->error.message;
    ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"), SQLITE_OK);
    ASSERT_EQ(insert(1, 30), SQLITE_OK);
    commits = engine.counts.commits;
  }
  int insert(int first, int last) {
    return process->sql("WITH RECURSIVE c(i) AS (SELECT " + std::to_string(first) +
                        " UNION ALL SELECT i+1 FROM c WHERE i<" + std::to_string(last) +
                        ") INSERT INTO t SELECT i, randomblob(3000) FROM c");
  }
  // No page of the next transactions may be one that SQLite has not committed.
  std::string found_by_the_next_process() {
    auto next = start();
    return next->query("SELECT count(*), max(id) FROM t; PRAGMA integrity_check");
  }
  static constexpr uint32_t kTinyCache = 10;
  std::unique_ptr<Process> process;
  int commits = 0;
};
SQUALL_ALL_PROFILES(SpillTest);

TEST_P(SpillTest, OneTransactionIsOneCommitHoweverMuchSpills) {
  EXPECT_EQ(process->sql("BEGIN"), SQLITE_OK);
  EXPECT_EQ(insert(31, 130), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits);
  const bool spills = GetParam() != Profile::kDefault;
  EXPECT_EQ(process->vfs->statistics().writes_outside_batch > 50, spills);
  EXPECT_EQ(process->sql("UPDATE t SET a=zeroblob(3000) WHERE id%3=0"), SQLITE_OK);
  EXPECT_EQ(process->sql("COMMIT"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits + 1);
  EXPECT_EQ(found_by_the_next_process(), "130|130|ok|");
}

TEST_P(SpillTest, AfterASpillEachTransactionIsStillOneCommit) {
  ASSERT_EQ(insert(31, 130), SQLITE_OK);
  for (int i = 131; i <= 150; ++i) ASSERT_EQ(insert(i, i), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits + 21);
  EXPECT_EQ(found_by_the_next_process(), "150|150|ok|");
}

TEST_P(SpillTest, RollingASpillBackCostsAtMostOneCommitOfTheOldPages) {
  EXPECT_EQ(process->sql("BEGIN; DELETE FROM t WHERE id<15"), SQLITE_OK);
  EXPECT_EQ(insert(31, 130), SQLITE_OK);
  EXPECT_EQ(process->sql("ROLLBACK"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits + (GetParam() == Profile::kDefault ? 0 : 1));
  EXPECT_EQ(process->query("SELECT count(*), max(id) FROM t; PRAGMA integrity_check"), "30|30|ok|");
  EXPECT_EQ(insert(31, 40), SQLITE_OK);
  EXPECT_EQ(found_by_the_next_process(), "40|40|ok|");
}

TEST_P(SpillTest, ClosingInASpilledTransactionLeavesTheOldRows) {
  EXPECT_EQ(process->sql("BEGIN"), SQLITE_OK);
  EXPECT_EQ(insert(31, 130), SQLITE_OK);
  process->close();
  EXPECT_EQ(found_by_the_next_process(), "30|30|ok|");
}

TEST_P(SpillTest, ARefusedSpillRollsBack) {
  engine.quota_pages = engine.actor(1).head.size_pages + 3;
  EXPECT_EQ(process->sql("BEGIN"), SQLITE_OK);
  EXPECT_EQ(insert(31, 130), SQLITE_OK);
  EXPECT_EQ(process->sql("COMMIT"), SQLITE_FULL);
  EXPECT_FALSE(process->vfs->dead());
  EXPECT_EQ(process->query("SELECT count(*), max(id) FROM t; PRAGMA integrity_check"), "30|30|ok|");
  EXPECT_EQ(process->sql("DELETE FROM t WHERE id=7"), SQLITE_OK);
  EXPECT_EQ(found_by_the_next_process(), "29|30|ok|");
}

TEST_P(SpillTest, AStatementThatFailsInASpilledTransactionIsUndoneAlone) {
  EXPECT_EQ(process->sql("BEGIN"), SQLITE_OK);
  EXPECT_EQ(insert(31, 100), SQLITE_OK);
  EXPECT_EQ(insert(90, 140), SQLITE_CONSTRAINT);
  EXPECT_EQ(process->sql("SAVEPOINT s"), SQLITE_OK);
  EXPECT_EQ(insert(200, 300), SQLITE_OK);
  EXPECT_EQ(process->sql("ROLLBACK TO s; COMMIT"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, commits + 1);
  EXPECT_EQ(found_by_the_next_process(), "100|100|ok|");
}

TEST_P(SpillTest, VacuumThroughATinyCacheIsOneCommit) {
  ASSERT_EQ(insert(31, 200), SQLITE_OK);
  ASSERT_EQ(process->sql("DELETE FROM t WHERE id>20"), SQLITE_OK);
  const int before = engine.counts.commits;
  EXPECT_EQ(process->sql("VACUUM"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, before + 1);
  EXPECT_LT(engine.actor(1).head.size_pages, 30u);
  EXPECT_EQ(found_by_the_next_process(), "20|20|ok|");
}

TEST_P(SpillTest, ALostAnswerToARestoringCommitNeverShowsTheUndoneRows) {
  EXPECT_EQ(process->sql("BEGIN"), SQLITE_OK);
  EXPECT_EQ(insert(31, 130), SQLITE_OK);
  for (int i = 1; i < 20; ++i)
    process->transport.mishaps[process->transport.requests + i] = Mishap::kReplyLost;
  process->sql("ROLLBACK");
  EXPECT_EQ(found_by_the_next_process(), "30|30|ok|");
}

}  // namespace
}  // namespace squall::test_support
