// The product's own workloads, with their budgets of commits and fetches.
#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

std::string rows(int count, const std::string& values) {
  return "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<" +
         std::to_string(count) + ") INSERT INTO t SELECT " + values + " FROM c";
}

class WorkloadTest : public ProfileTest {
 protected:
  void SetUp() override {
    process = start();
    ASSERT_TRUE(process->connection) << process->error.message;
  }
  std::string integrity() { return process->query("PRAGMA integrity_check"); }
  std::unique_ptr<Process> process;
};
SQUALL_ALL_PROFILES(WorkloadTest);

TEST_P(WorkloadTest, OneMegabyteInATransactionIsOneCommitAndNoFetch) {
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"), SQLITE_OK);
  const int before = engine.counts.commits;
  EXPECT_EQ(process->sql(rows(256, "i, randomblob(4096)")), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, before + 1);
  EXPECT_EQ(engine.counts.page_requests, 0);
}

TEST_P(WorkloadTest, FiveMegabytesInATransactionAreOneCommitAndNoFetch) {
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"), SQLITE_OK);
  const int before = engine.counts.commits;
  EXPECT_EQ(process->sql(rows(1280, "i, randomblob(4096)")), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, before + 1);
  EXPECT_EQ(engine.counts.page_requests, 0);
  EXPECT_EQ(process->query("SELECT count(*), sum(length(a)) FROM t"), "1280|5242880|");
}

TEST_P(WorkloadTest, AHundredHotUpdatesAreAHundredCommitsAndNoFetch) {
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, n); INSERT INTO t VALUES(1, 0)"),
            SQLITE_OK);
  const int before = engine.counts.commits;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(process->sql("UPDATE t SET n=n+1 WHERE id=1"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, before + 100);
  EXPECT_EQ(engine.counts.page_requests, 0);
  process->close();
  process->open();
  EXPECT_EQ(process->query("SELECT n FROM t"), "100|");
}

TEST_P(WorkloadTest, LargeRowsSurviveReopening) {
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"), SQLITE_OK);
  EXPECT_EQ(process->sql(rows(48, "i, randomblob(3500)")), SQLITE_OK);
  EXPECT_EQ(process->sql("INSERT INTO t VALUES(99, randomblob(9000))"), SQLITE_OK);
  auto next = start();
  EXPECT_EQ(next->query("SELECT count(*), sum(length(a)) FROM t; PRAGMA integrity_check"),
            "49|177000|ok|");
}

TEST_P(WorkloadTest, TemporaryTablesDeleteVacuumAndRegrowth) {
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE TEMP TABLE x(a)"),
            SQLITE_OK);
  ASSERT_EQ(process->sql(rows(32, "i, randomblob(8192)")), SQLITE_OK);
  const int before = engine.counts.commits;
  EXPECT_EQ(process->sql("INSERT INTO x SELECT a FROM t"), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, before);
  const uint32_t grown = engine.actor(1).head.size_pages;
  EXPECT_EQ(process->sql("DELETE FROM t; VACUUM"), SQLITE_OK);
  EXPECT_LT(engine.actor(1).head.size_pages, grown);
  EXPECT_EQ(process->sql(rows(8, "i, randomblob(8192)")), SQLITE_OK);
  auto next = start();
  EXPECT_EQ(next->query("SELECT count(*) FROM t; PRAGMA integrity_check"), "8|ok|");
}

TEST_P(WorkloadTest, AVfsCacheOfTwoPagesServesRowsAndAnIndex) {
  VfsOptions tiny = options();
  tiny.page_cache_pages = 2;
  process = start(1, tiny, 10);
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE INDEX i ON t(a)"),
            SQLITE_OK);
  ASSERT_EQ(process->sql(rows(120, "i, hex(randomblob(200))")), SQLITE_OK);
  EXPECT_EQ(process->query("SELECT count(*) FROM t INDEXED BY i WHERE a>''"), "120|");
  EXPECT_EQ(process->query("SELECT count(*) FROM t NOT INDEXED"), "120|");
  EXPECT_GT(engine.counts.page_requests, 0);
  EXPECT_EQ(integrity(), "ok|");
}

TEST_P(WorkloadTest, ManyPagesInOneCommitAreReadBackFromTheirMiddle) {
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"), SQLITE_OK);
  ASSERT_EQ(process->sql(rows(2300, "i, randomblob(4050)")), SQLITE_OK)
      << process->vfs->last_error();
  EXPECT_GE(engine.actor(1).head.size_pages, 2300u);
  auto next = start();
  EXPECT_EQ(next->query("SELECT id, length(a) FROM t WHERE id IN (1, 1024, 2300)"),
            "1|4050|1024|4050|2300|4050|");
}

TEST_P(WorkloadTest, FiveActorsInterleaveWithoutTouchingEachOther) {
  std::vector<std::unique_ptr<Process>> processes;
  for (ActorId actor = 11; actor <= 15; ++actor) {
    processes.push_back(start(actor));
    ASSERT_EQ(processes.back()->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, n)"), SQLITE_OK);
  }
  for (int i = 1; i <= 200; ++i) {
    for (ActorId actor = 11; actor <= 15; ++actor) {
      ASSERT_EQ(
          processes[actor - 11]->sql("INSERT INTO t(n) VALUES(" + std::to_string(actor) + ")"),
          SQLITE_OK);
      ASSERT_EQ(processes[actor - 11]->vfs->head().head_txid, static_cast<uint64_t>(i + 1));
    }
  }
  for (ActorId actor = 11; actor <= 15; ++actor) {
    EXPECT_EQ(processes[actor - 11]->query("SELECT count(*), min(n), max(n) FROM t"),
              "200|" + std::to_string(actor) + "|" + std::to_string(actor) + "|");
  }
}

TEST_P(WorkloadTest, StatementsOfOneConnectionInterleave) {
  ASSERT_EQ(process->sql("CREATE TABLE t(writer, n)"), SQLITE_OK);
  std::vector<sqlite3_stmt*> writers(4);
  for (sqlite3_stmt*& writer : writers) {
    ASSERT_EQ(
        sqlite3_prepare_v2(process->db(), "INSERT INTO t VALUES(?1, ?2)", -1, &writer, nullptr),
        SQLITE_OK);
  }
  for (int n = 0; n < 40; ++n) {
    for (int w = 0; w < 4; ++w) {
      sqlite3_bind_int(writers[w], 1, w);
      sqlite3_bind_int(writers[w], 2, n);
      ASSERT_EQ(sqlite3_step(writers[w]), SQLITE_DONE);
      sqlite3_reset(writers[w]);
    }
  }
  for (sqlite3_stmt* writer : writers) sqlite3_finalize(writer);
  EXPECT_EQ(process->query("SELECT count(*), count(DISTINCT writer) FROM t"), "160|4|");
}

TEST_P(WorkloadTest, ManyTablesIndexesChurnAndReindex) {
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(
        process->sql("CREATE TABLE m" + std::to_string(i) + "(id INTEGER PRIMARY KEY, k TEXT)"),
        SQLITE_OK);
  }
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, a)"), SQLITE_OK);
  ASSERT_EQ(process->sql(rows(500, "i, 'key-'||(i%50), randomblob(1024)")), SQLITE_OK);
  ASSERT_EQ(process->sql("CREATE INDEX k ON t(k); REINDEX; ANALYZE"), SQLITE_OK);
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(process->sql("BEGIN; DELETE FROM t; " + rows(300, "i, i, randomblob(1024)") +
                           "; DELETE FROM t; COMMIT"),
              SQLITE_OK);
  }
  ASSERT_EQ(process->sql("DROP INDEX k; VACUUM"), SQLITE_OK);
  EXPECT_LT(engine.actor(1).head.size_pages, 60u);
  EXPECT_EQ(integrity(), "ok|");
}

TEST_P(WorkloadTest, PayloadsAtTheEdgesOfPagesAndChunks) {
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"), SQLITE_OK);
  std::string expected;
  for (int size : {1, 4095, 4096, 4097, 8191, 8192, 8193, 32768, 65535, 65536, 98304, 131072}) {
    ASSERT_EQ(process->sql("INSERT INTO t(a) VALUES(randomblob(" + std::to_string(size) + "))"),
              SQLITE_OK);
    expected += std::to_string(size) + "|";
  }
  auto next = start();
  EXPECT_EQ(next->query("SELECT length(a) FROM t ORDER BY id"), expected);
  EXPECT_EQ(next->query("PRAGMA integrity_check"), "ok|");
}

TEST_P(WorkloadTest, NoPageOutlivesItsSession) {
  const size_t before = pool.live_pages();
  ASSERT_EQ(process->sql("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"), SQLITE_OK);
  ASSERT_EQ(process->sql(rows(100, "i, randomblob(4000)")), SQLITE_OK);
  process.reset();
  EXPECT_LE(pool.live_pages(), before + engine.actor(1).head.size_pages);
}

}  // namespace
}  // namespace squall::test_support
