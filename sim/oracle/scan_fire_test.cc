// What lies in the store and should not: each invariant over structure scans fires.
#include "engine/planted.h"
#include "engine/rows.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/sqlite_integrity.h"
#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

class ScanFires : public OracleTableTest {
 protected:
  void scan() {
    ASSERT_TRUE(violations.empty()) << violations[0].signature();
    oracle->check_stored();
  }
  SharedBytes index_value(uint32_t pgno, IndexRow row) {
    return encode_index_row(1, index_key(1, pgno), row);
  }
};

TEST_F(ScanFires, NotOnAHealthyDatabaseBeforeAndAfterCompaction) {
  expect_holds();
  compact();
  ASSERT_EQ(run("UPDATE t SET v = ?1", {blob(5000, 3)}), Session::Outcome::kDone);
  expect_holds();
  EXPECT_GT(count(Invariant::kDeltaRange), 0u);
}

TEST_F(ScanFires, OnAnIndexRowWhoseDeltaIsGone) {
  tamper({{index_key(1, 2), index_value(2, {99, 0, 0})}}, nullptr);
  scan();
  expect_violation("index-backed@scan");
}

TEST_F(ScanFires, OnAnIndexRowWhoseDeltaLacksThePage) {
  tamper({{index_key(1, 3), index_value(3, {1, 0, 0})}}, nullptr);
  scan();
  expect_violation("index-backed@scan");
}

TEST_F(ScanFires, OnAnIndexRowThatNamesAnOlderCopy) {
  tamper({{index_key(1, 2), index_value(2, {1, 0, 0})}}, nullptr);
  scan();
  expect_violation("page-images@stored");
  expect_says("byte ");
  expect_says("commit 2 of start 1 wrote it last");
}

TEST_F(ScanFires, OnARowThatCannotBeRead) {
  tamper({{index_key(1, 2), SharedBytes("nonsense")}}, nullptr);
  scan();
  expect_violation("delta-range@unreadable-row");
}

TEST_F(ScanFires, OnADeltaAboveTheHead) {
  const DeltaName name{stored_head().head_txid + 1, 0};
  tamper({{delta_key(1, name), *store.peek(delta_key(1, {1, 0}))}}, nullptr);
  scan();
  expect_violation("delta-range@scan");
}

TEST_F(ScanFires, OnADeltaThatIsMaterialized) {
  const DeltaName name{1, 0};
  const SharedBytes blob = *store.peek(delta_key(1, name));
  const SharedBytes size = *store.peek(delta_size_key(1, name));
  compact();
  tamper({{delta_key(1, name), blob}, {delta_size_key(1, name), size}}, nullptr);
  scan();
  expect_violation("delta-range@scan");
}

TEST_F(ScanFires, OnABlobWithoutItsSizeRow) {
  tamper({{delta_size_key(1, {1, 0}), std::nullopt}}, nullptr);
  scan();
  expect_violation("delta-range@orphan-rows");
}

TEST_F(ScanFires, OnASizeRowThatIsWrong) {
  const Key key = delta_size_key(1, {1, 0});
  SizeRow row = *decode_size_row(1, key, *store.peek(key));
  ++row.stored_bytes;
  tamper({{key, encode_size_row(1, key, row)}}, nullptr);
  scan();
  expect_violation("delta-range@size-row");
}

TEST_F(ScanFires, OnAnOpenStageWithoutItsRow) {
  tamper({}, [](Head& head) { ++head.next_txid; });
  scan();
  expect_violation("delta-range@stage");
}

TEST_F(ScanFires, OnAPageThatIsNowhere) {
  tamper({{index_key(1, 2), std::nullopt}}, nullptr);
  scan();
  expect_violation("shard-placement@page-missing");
}

TEST_F(ScanFires, OnAPageInAForeignShard) {
  ASSERT_EQ(run("INSERT INTO t(v) VALUES (?1)", {blob(300'000)}), Session::Outcome::kDone);
  compact();
  tamper({{shard_key(1, 1), *store.peek(shard_key(1, 0))},
          {shard_size_key(1, 1),
           [&] {
             const Key from = shard_size_key(1, 0);
             const Key to = shard_size_key(1, 1);
             return encode_size_row(1, to, *decode_size_row(1, from, *store.peek(from)));
           }()}},
         nullptr);
  scan();
  EXPECT_EQ(violations.size(), 1u);
}

TEST_F(ScanFires, OnAShardPastTheEnd) {
  tamper({{shard_key(1, 5), SharedBytes("x")}}, nullptr);
  scan();
  EXPECT_EQ(violations.size(), 1u);
}

TEST_F(ScanFires, OnAnIndexRowPastTheEnd) {
  tamper({{index_key(1, 900), index_value(900, {1, 0, 0})}}, nullptr);
  scan();
  expect_violation("shrink-clean@scan");
}

TEST(SqliteIntegrity, FiresOnADatabaseThatSqliteFindsDamaged) {
  std::vector<Violation> violations;
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  sqlite3* source = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &source), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(
                source,
                "CREATE TABLE t(a, b); CREATE INDEX i ON t(a); INSERT INTO t VALUES (1, 2), (3, 4)",
                nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(source, "main", &size, 0);
  IntegrityChecker checker;
  const std::span<unsigned char> database(bytes, static_cast<size_t>(size));
  EXPECT_TRUE(checker.check(judge, 1, 1, database));
  // The index's root page becomes the table's: entries are missing then.
  std::copy(bytes + 4096, bytes + 2 * 4096, bytes + 2 * 4096);
  EXPECT_FALSE(checker.check(judge, 1, 1, database));
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].signature(), "sqlite-integrity@stored");
  sqlite3_free(bytes);
  sqlite3_close(source);
}

}  // namespace
}  // namespace squall::sim::test_support
