// SQLite runs out of memory at each of a statement's allocations in turn: the statement fails or
// succeeds whole, and the session goes on.
#include "sim/sqlite_memory.h"

#include <sqlite3.h>

#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

using Outcome = Session::Outcome;

struct MemoryVariant {
  const char* name;
  int64_t profile;
  int64_t batch_atomic;
  int64_t sqlite_cache_pages;
};

class OutOfMemory : public OracleTest, public ::testing::WithParamInterface<MemoryVariant> {
 protected:
  Knobs knobs() override {
    Knobs knobs;
    knobs.vfs_profile = GetParam().profile;
    knobs.batch_atomic = GetParam().batch_atomic;
    knobs.sqlite_cache_pages = GetParam().sqlite_cache_pages;
    knobs.page_cache_pages = 4;
    return knobs;
  }
  void SetUp() override {
    OracleTest::SetUp();
    start();
    ASSERT_EQ(run("CREATE TABLE t(id INTEGER PRIMARY KEY, x INT, v)"), Outcome::kDone);
    ASSERT_EQ(run("CREATE INDEX t_x ON t(x, v)"), Outcome::kDone);
    for (uint64_t i = 1; i <= 40; ++i)
      ASSERT_EQ(run("INSERT INTO t(x, v) VALUES (random() % 10, ?1)", {blob(900, i)}),
                Outcome::kDone);
  }
  void TearDown() override {
    expect_holds();
    OracleTest::TearDown();
  }

  // Runs it again and again, each time with another allocation that fails (in what is run after it,
  // when it needs fewer): how often it failed.
  template <typename Work>
  size_t fail_each_allocation(Work work) {
    size_t failed = 0;
    for (uint64_t nth = 1; nth <= 200 && violations.empty(); nth += nth < 50 ? 1 : 6) {
      allocation_to_fail = nth;
      const Outcome outcome = work();
      EXPECT_TRUE(outcome == Outcome::kDone || outcome == Outcome::kWorldError)
          << nth << ": " << static_cast<int>(outcome);
      failed += outcome == Outcome::kWorldError ? 1 : 0;
      EXPECT_TRUE(session->usable()) << nth;
      run("SELECT count(*), sum(x), sum(length(v)) FROM t");
    }
    return failed;
  }
};

TEST_P(OutOfMemory, LeavesAStatementWholeOrUndone) {
  const size_t inserts = fail_each_allocation(
      [&] { return run("INSERT INTO t(x, v) SELECT x + 1, v FROM t ORDER BY v LIMIT 3"); });
  EXPECT_GT(inserts, 5u);
  const size_t updates =
      fail_each_allocation([&] { return run("UPDATE t SET x = x + 1, v = randomblob(1200)"); });
  EXPECT_GT(updates, 5u);
}

TEST_P(OutOfMemory, LeavesATransactionWholeOrUndone) {
  const size_t committed = fail_each_allocation([&] {
    return run_explicit({"UPDATE t SET v = randomblob(1500) WHERE id % 3 = 0",
                         "DELETE FROM t WHERE id > 60", "INSERT INTO t(x) VALUES (1)"});
  });
  EXPECT_GT(committed, 5u);
  const size_t rolled_back = fail_each_allocation(
      [&] { return run_explicit({"UPDATE t SET v = randomblob(1500), x = 7"}, true); });
  EXPECT_GT(rolled_back, 5u);
}

// What is undone may leave other bytes in free pages: SQLite keeps none of theirs in its journal.
TEST_P(OutOfMemory, LeavesAStatementWholeOrUndoneThatTakesFreePages) {
  const auto make_free = [&] { return run("DELETE FROM t WHERE length(v) > 5000"); };
  for (uint64_t i = 1; i <= 10; ++i) run("INSERT INTO t(v) VALUES (?1)", {blob(30'000, i)});
  ASSERT_EQ(make_free(), Outcome::kDone);
  const size_t failed = fail_each_allocation([&] {
    const Outcome taken = run("INSERT INTO t(x, v) SELECT x, randomblob(30000) FROM t LIMIT 8");
    return taken == Outcome::kDone ? make_free() : taken;
  });
  EXPECT_GT(failed, 5u);
}

TEST_P(OutOfMemory, LeavesASchemaWholeOrUndone) {
  const size_t failed = fail_each_allocation([&] {
    const Outcome made = run("CREATE TABLE IF NOT EXISTS u(a PRIMARY KEY, b) WITHOUT ROWID");
    return made == Outcome::kDone ? run("DROP TABLE IF EXISTS u") : made;
  });
  EXPECT_GT(failed, 5u);
}

TEST_P(OutOfMemory, LeavesAVacuumDoneOrUndone) {
  EXPECT_GT(fail_each_allocation([&] { return run("VACUUM"); }), 5u);
}

TEST_P(OutOfMemory, LetsAnOpeningFailThatMayBeTriedAgain) {
  size_t failed = 0;
  for (uint64_t nth = 1; nth <= 120 && violations.empty(); ++nth) {
    session.reset();
    ++starts;
    session = make_session(owner());
    allocation_to_fail = nth;
    const Session::Opened opened = session->open();
    EXPECT_TRUE(opened == Session::Opened::kReady || opened == Session::Opened::kFailed)
        << nth << ": " << static_cast<int>(opened);
    failed += opened == Session::Opened::kFailed ? 1 : 0;
  }
  EXPECT_GT(failed, 5u);
  start();
  EXPECT_EQ(run("INSERT INTO t(x) VALUES (1)"), Outcome::kDone);
}

INSTANTIATE_TEST_SUITE_P(Profiles, OutOfMemory,
                         ::testing::Values(MemoryVariant{"default", 0, 1, 200},
                                           MemoryVariant{"original", 1, 1, 200},
                                           MemoryVariant{"original_spills", 1, 1, 5},
                                           MemoryVariant{"fallback", 2, 1, 200},
                                           MemoryVariant{"fallback_spills", 2, 1, 5},
                                           MemoryVariant{"without_batches", 0, 0, 5}),
                         [](const auto& variant) { return variant.param.name; });

// The twins, the oracle and other sessions share the allocator.
TEST(SqliteMemory, RunsOutForNobodyElse) {
  hook_sqlite_memory();
  AllocationLimit limit;
  limit.fail_nth(1);
  const auto allocate = [] {
    void* memory = sqlite3_malloc(100);
    sqlite3_free(memory);
    return memory != nullptr;
  };
  EXPECT_TRUE(allocate());
  {
    const InsideSqlite inside(&limit);
    {
      const OutsideSqlite outside;
      EXPECT_TRUE(allocate());
    }
    EXPECT_FALSE(allocate());
    EXPECT_TRUE(allocate());
  }
  EXPECT_TRUE(limit.take_failed());
  EXPECT_FALSE(limit.take_failed());
}

}  // namespace
}  // namespace squall::sim::test_support
