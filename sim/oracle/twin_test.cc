#include "sim/oracle/twin.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sim/oracle/session_truth.h"

namespace squall::sim {
namespace {

class TwinTest : public ::testing::Test {
 protected:
  static void execute(Twin& twin, const char* sql) {
    ASSERT_EQ(sqlite3_exec(twin.database(), sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(twin.database());
  }
  static int64_t number(Twin& twin, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(twin.database(), sql, -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(twin.database());
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const int64_t result = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return result;
  }
  Workload workload;
};

TEST_F(TwinTest, AForkHasWhatIsCommittedAndNothingOfTheOpenTransaction) {
  Twin twin(workload);
  execute(twin, "CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  ASSERT_EQ(twin.begin(), SQLITE_OK);
  // More than the page cache holds.
  execute(twin,
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
          "INSERT INTO t SELECT randomblob(3000) FROM n");
  Twin before(workload, twin);
  EXPECT_EQ(number(before, "SELECT count(*) FROM t"), 1);
  EXPECT_EQ(number(twin, "SELECT count(*) FROM t"), 501);
  ASSERT_EQ(twin.commit(), SQLITE_OK);
  Twin after(workload, twin);
  EXPECT_EQ(number(after, "SELECT count(*) FROM t"), 501);
  EXPECT_EQ(number(before, "SELECT count(*) FROM t"), 1);
}

TEST_F(TwinTest, ARollbackLeavesWhatWasThere) {
  Twin twin(workload);
  execute(twin, "CREATE TABLE t(x)");
  twin.begin();
  execute(twin, "INSERT INTO t VALUES (1); CREATE TABLE u(y)");
  twin.rollback();
  EXPECT_FALSE(twin.in_transaction());
  EXPECT_EQ(number(twin, "SELECT count(*) FROM t"), 0);
  EXPECT_EQ(number(twin, "SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(TwinTest, VacuumWorksWithoutAnyFile) {
  Twin twin(workload);
  execute(twin, "CREATE TABLE t(x); INSERT INTO t VALUES (randomblob(100000)); DELETE FROM t");
  EXPECT_EQ(twin.vacuum(), SQLITE_OK) << sqlite3_errmsg(twin.database());
  EXPECT_EQ(number(twin, "SELECT page_count FROM pragma_page_count"), 2);
}

TEST_F(TwinTest, DrawsDependOnTheKeyAlone) {
  Twin twin(workload);
  twin.random().begin(5);
  const int64_t first = number(twin, "SELECT random()");
  EXPECT_NE(number(twin, "SELECT random()"), first);
  Twin other(workload);
  other.random().begin(5);
  EXPECT_EQ(number(other, "SELECT random()"), first);
  EXPECT_EQ(number(other, "SELECT length(randomblob(13)) + length(randomblob(0))"), 14);
}

TEST_F(TwinTest, TheClockStandsWhereItWasSet) {
  Twin twin(workload);
  twin.set_time_us(1'000'000'000'000'000);
  EXPECT_EQ(number(twin, "SELECT unixepoch('now')"), 1'000'000'000);
}

TEST_F(TwinTest, ASessionsTwinIsForkedFromTheNearestAncestorThatRanSomething) {
  CommitTally tally;
  auto first = std::make_shared<SessionTruth>(1, Owner{1, 1}, &tally);
  auto idle = std::make_shared<SessionTruth>(1, Owner{2, 2}, &tally);
  SessionTruth third(1, Owner{3, 3}, &tally);
  idle->ancestor = first;
  third.ancestor = idle;
  EXPECT_EQ(twin_holder(third), nullptr);
  execute(materialize_twin(*first, workload), "CREATE TABLE t(x); INSERT INTO t VALUES (7)");
  EXPECT_EQ(twin_holder(third), first.get());
  EXPECT_EQ(number(materialize_twin(third, workload), "SELECT x FROM t"), 7);
  EXPECT_EQ(third.ancestor, nullptr);
}

}  // namespace
}  // namespace squall::sim
