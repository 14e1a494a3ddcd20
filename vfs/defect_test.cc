// The planted defects of the VFS break what they say, and only when they are planted.
#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

class DefectTest : public ::testing::Test {
 protected:
  ~DefectTest() override { clear_planted(); }

  // Rows that spill from a tiny cache while the database grows, so that pages are fetched
  // meanwhile.
  std::string grow_through_a_spill() {
    PagePool pool;
    FakeEngine engine(pool);
    VfsOptions options;
    options.profile = Profile::kFallback;
    options.page_cache_pages = 2;
    Process process(engine, pool, 1, options, {}, 10);
    process.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, k); CREATE INDEX tk ON t(k)");
    std::string sql = "BEGIN;";
    for (int i = 1; i <= 400; ++i) {
      const std::string n = std::to_string(i);
      sql += "INSERT INTO t VALUES(" + n + ", hex(randomblob(200)));";
      if (i == 200) sql += "COMMIT;BEGIN;";
    }
    const int rc = process.sql(sql + "COMMIT");
    if (rc != SQLITE_OK) return "error " + std::to_string(rc);
    return process.query("SELECT count(*) FROM t; PRAGMA integrity_check");
  }
  int fetches_of_growth() {
    PagePool pool;
    FakeEngine engine(pool);
    Process process(engine, pool, 1, {});
    process.sql("CREATE TABLE t(a); INSERT INTO t VALUES(randomblob(40000))");
    return engine.counts.page_requests;
  }
};

TEST_F(DefectTest, AReadReplyThatOverwritesTheHeadLosesPagesOfAGrowingTransaction) {
  EXPECT_EQ(grow_through_a_spill(), "400|ok|");
  set_planted(Defect::kReadReplyOverwritesHead, true);
  EXPECT_NE(grow_through_a_spill(), "400|ok|");
}

TEST_F(DefectTest, ACloseThatCommitsKeepsWhatWasLeftOpen) {
  const auto rows_after_leaving = [] {
    PagePool pool;
    FakeEngine engine(pool);
    Process process(engine, pool, 1, {});
    process.sql("CREATE TABLE t(a); BEGIN; INSERT INTO t VALUES(1)");
    process.close();
    process.open();
    return process.query("SELECT count(*) FROM t");
  };
  EXPECT_EQ(rows_after_leaving(), "0|");
  set_planted(Defect::kCloseCommitsOpenTransaction, true);
  EXPECT_EQ(rows_after_leaving(), "1|");
}

TEST_F(DefectTest, WithSynchronousOffNothingReachesTheEngine) {
  const auto commits = [] {
    PagePool pool;
    FakeEngine engine(pool);
    Process process(engine, pool, 1, {});
    process.sql("CREATE TABLE t(a)");
    process.sql("PRAGMA synchronous=OFF");
    EXPECT_EQ(process.sql("INSERT INTO t VALUES(1)"), SQLITE_OK);
    return engine.counts.commits;
  };
  EXPECT_EQ(commits(), 2);
  set_planted(Defect::kSynchronousOffAllowed, true);
  EXPECT_EQ(commits(), 1);
}

TEST_F(DefectTest, AFetchBeforeEachFullWriteCostsRoundTrips) {
  EXPECT_EQ(fetches_of_growth(), 0);
  set_planted(Defect::kFetchBeforeFullWrite, true);
  EXPECT_GE(fetches_of_growth(), 10);
}

}  // namespace
}  // namespace squall::test_support
