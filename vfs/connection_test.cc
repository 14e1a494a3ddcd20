#include "vfs/connection.h"

#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

class ConnectionTest : public ProfileTest {};
SQUALL_ALL_PROFILES(ConnectionTest);

TEST_P(ConnectionTest, OpeningCostsNoCommitAndNoFetch) {
  {
    auto process = start();
    ASSERT_TRUE(process->connection) << process->error.message;
    EXPECT_EQ(process->sql("CREATE TABLE t(a)"), SQLITE_OK);
  }
  const auto before = engine.counts;
  auto process = start();
  ASSERT_TRUE(process->connection) << process->error.message;
  EXPECT_EQ(process->query("SELECT count(*) FROM sqlite_schema"), "1|");
  EXPECT_EQ(engine.counts.commits, before.commits);
  EXPECT_EQ(engine.counts.page_requests, before.page_requests);
}

TEST_P(ConnectionTest, RowsSurviveCloseAndReopen) {
  {
    auto process = start();
    ASSERT_TRUE(process->connection) << process->error.message;
    EXPECT_EQ(process->sql("CREATE TABLE t(a); INSERT INTO t VALUES(1),(2); PRAGMA user_version=9"),
              SQLITE_OK);
    process->close();
    process->open();
    EXPECT_EQ(process->query("SELECT sum(a) FROM t"), "3|");
  }
  auto process = start();
  ASSERT_TRUE(process->connection) << process->error.message;
  EXPECT_EQ(process->query("SELECT sum(a) FROM t; PRAGMA user_version; PRAGMA integrity_check"),
            "3|9|ok|");
}

TEST_P(ConnectionTest, OneCommitEachAutocommit) {
  auto process = start();
  ASSERT_TRUE(process->connection) << process->error.message;
  EXPECT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, n)"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, 1);
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(process->sql("INSERT INTO t(n) VALUES(" + std::to_string(i) + ")"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, 101);
  EXPECT_EQ(process->vfs->head().head_txid, 101u);
  EXPECT_EQ(engine.actor(1).head.head_txid, 101u);
  EXPECT_EQ(process->vfs->last_error(), "");
}

TEST_P(ConnectionTest, VacuumShrinksTheEngineInTheSameCommit) {
  auto process = start();
  ASSERT_TRUE(process->connection) << process->error.message;
  ASSERT_EQ(process->sql("CREATE TABLE t(a); WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 "
                         "FROM c WHERE i<64) "
                         "INSERT INTO t SELECT randomblob(8000) FROM c"),
            SQLITE_OK);
  ASSERT_EQ(process->sql("DELETE FROM t"), SQLITE_OK);
  const uint32_t before = engine.actor(1).head.size_pages;
  const int commits = engine.counts.commits;
  ASSERT_EQ(process->sql("VACUUM"), SQLITE_OK) << sqlite3_errmsg(process->db());
  EXPECT_EQ(engine.counts.commits, commits + 1);
  EXPECT_LT(engine.actor(1).head.size_pages, before / 4);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(randomblob(60000))"), SQLITE_OK);
  EXPECT_EQ(process->query("PRAGMA integrity_check"), "ok|");
}

}  // namespace
}  // namespace squall::test_support
