// What a session refuses, since SQLite would acknowledge commits that never reach the engine, or
// commit in parts.
#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

class RefusalTest : public ProfileTest {
 protected:
  void SetUp() override {
    process = start();
    ASSERT_TRUE(process->connection) << process->error.message;
    ASSERT_EQ(process->sql("CREATE TABLE t(a)"), SQLITE_OK);
  }
  // The database still commits in the profile's way.
  void expect_commits_reach_the_engine() {
    const int before = engine.counts.commits;
    EXPECT_EQ(process->sql("INSERT INTO t VALUES(1)"), SQLITE_OK);
    EXPECT_EQ(engine.counts.commits, before + 1);
    EXPECT_FALSE(process->vfs->dead());
  }
  std::unique_ptr<Process> process;
};
SQUALL_ALL_PROFILES(RefusalTest);

TEST_P(RefusalTest, SynchronousOffInEverySpelling) {
  for (const char* value : {"OFF", "off", "0", "no", "false", "7", "15"}) {
    EXPECT_EQ(process->sql(std::string("PRAGMA synchronous=") + value), SQLITE_ERROR) << value;
    EXPECT_EQ(process->sql(std::string("PRAGMA main.synchronous(") + value + ")"), SQLITE_ERROR)
        << value;
  }
  EXPECT_EQ(process->sql("PRAGMA synchronous=FULL"), SQLITE_OK);
  EXPECT_EQ(process->query("PRAGMA synchronous"), "2|");
  expect_commits_reach_the_engine();
}

TEST_P(RefusalTest, EveryJournalModeButTheProfiles) {
  const std::string own = GetParam() == Profile::kDefault ? "memory" : "delete";
  for (const char* mode : {"WAL", "OFF", "TRUNCATE", "PERSIST", "MEMORY", "DELETE"}) {
    if (sqlite3_stricmp(mode, own.c_str()) == 0) continue;
    EXPECT_EQ(process->sql(std::string("PRAGMA journal_mode=") + mode), SQLITE_ERROR) << mode;
  }
  EXPECT_EQ(process->query("PRAGMA journal_mode=" + own), own + "|");
  EXPECT_EQ(process->query("PRAGMA journal_mode"), own + "|");
  expect_commits_reach_the_engine();
}

TEST_P(RefusalTest, AnotherPageSize) {
  EXPECT_EQ(process->sql("PRAGMA page_size=8192"), SQLITE_ERROR);
  EXPECT_EQ(process->sql("PRAGMA page_size=4096; VACUUM"), SQLITE_OK);
  expect_commits_reach_the_engine();
}

TEST_P(RefusalTest, AttachingAFileButNotMemory) {
  EXPECT_EQ(process->sql("ATTACH 'other' AS o"), SQLITE_CANTOPEN);
  EXPECT_EQ(process->sql("ATTACH '1' AS o"), SQLITE_CANTOPEN);
  EXPECT_EQ(process->sql("ATTACH 'file:x?vfs=unix' AS o"), SQLITE_CANTOPEN);
  EXPECT_EQ(process->sql("VACUUM INTO 'copy'"), SQLITE_CANTOPEN);
  EXPECT_EQ(process->sql("ATTACH ':memory:' AS m; CREATE TABLE m.x(a)"), SQLITE_OK);
  const int before = engine.counts.commits;
  EXPECT_EQ(process->sql("BEGIN; INSERT INTO m.x VALUES(1); INSERT INTO t VALUES(5); COMMIT"),
            SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, before + 1);
  EXPECT_EQ(process->query("SELECT * FROM m.x; SELECT * FROM t"), "1|5|");
}

TEST_P(RefusalTest, ASuperJournalAndACommitOverSeveralFiles) {
  sqlite3_vfs* vfs = process->vfs->sqlite_vfs();
  std::vector<char> memory(static_cast<size_t>(vfs->szOsFile));
  auto* file = reinterpret_cast<sqlite3_file*>(memory.data());
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  EXPECT_EQ(vfs->xOpen(vfs, "1-mj0", file, flags | SQLITE_OPEN_SUPER_JOURNAL, nullptr),
            SQLITE_CANTOPEN);
  EXPECT_EQ(vfs->xOpen(vfs, "1-wal", file, flags | SQLITE_OPEN_WAL, nullptr), SQLITE_CANTOPEN);
  EXPECT_EQ(vfs->xOpen(vfs, "2", file, flags | SQLITE_OPEN_MAIN_DB, nullptr), SQLITE_CANTOPEN);
  char super_journal[] = "1-mj0";
  EXPECT_EQ(sqlite3_file_control(process->db(), "main", SQLITE_FCNTL_SYNC, super_journal),
            SQLITE_ERROR);
  expect_commits_reach_the_engine();
}

TEST_P(RefusalTest, ASecondConnectionOnTheSameSession) {
  ConnectionOptions options;
  options.profile = GetParam();
  EXPECT_FALSE(Connection::open(process->vfs->sqlite_vfs(), 1, options));
  expect_commits_reach_the_engine();
}

TEST_P(RefusalTest, DeepExpressionsAndWideCompounds) {
  std::string deep = "SELECT ";
  for (int i = 0; i < 101; ++i) deep += "-(";
  deep += "1" + std::string(101, ')');
  EXPECT_EQ(process->sql(deep), SQLITE_ERROR);
  std::string wide = "SELECT 1";
  for (int i = 0; i < 50; ++i) wide += " UNION ALL SELECT 1";
  EXPECT_EQ(process->sql(wide), SQLITE_ERROR);
}

TEST(DefaultProfileRefusal, CacheSpill) {
  PagePool pool;
  FakeEngine engine(pool);
  Process process(engine, pool, 1, {});
  EXPECT_EQ(process.sql("PRAGMA cache_spill=ON"), SQLITE_ERROR);
  EXPECT_EQ(process.sql("PRAGMA cache_spill=100"), SQLITE_ERROR);
  EXPECT_EQ(process.sql("PRAGMA cache_spill=OFF"), SQLITE_OK);
}

// A device that forgot its batch-atomic writes on the way through another VFS.
TEST(OpenProbe, FindsASilentJournalMode) {
  PagePool pool;
  FakeEngine engine(pool);
  for (Profile profile : {Profile::kDefault, Profile::kOriginal}) {
    FakeRuntime runtime;
    FakeTransport transport(engine, runtime);
    VfsOptions vfs_options;
    vfs_options.profile = Profile::kFallback;
    auto session = take_over(1, {1, 1}, {}, transport, runtime, {});
    ASSERT_TRUE(session);
    ActorVfs vfs(vfs_options, *session, transport, runtime, pool);
    ConnectionOptions options;
    options.profile = profile;
    // The VFS guards the fallback's journal mode; only the probe of the other profiles is of
    // interest here.
    auto connection = Connection::open(vfs.sqlite_vfs(), 1, options);
    ASSERT_FALSE(connection) << name_of(profile);
    EXPECT_EQ(engine.counts.commits, 0) << name_of(profile);
  }
}

TEST_P(RefusalTest, RandomComesFromTheCaller) {
  const std::string drawn =
      process->query("SELECT random(), hex(randomblob(5)), hex(randomblob(0))");
  auto again = start();
  EXPECT_EQ(again->query("SELECT random(), hex(randomblob(5)), hex(randomblob(0))"), drawn);
  EXPECT_EQ(again->sql("SELECT randomblob(2000000000)"), SQLITE_TOOBIG);
}

TEST_P(RefusalTest, TimeComesFromTheRuntime) {
  process->runtime.now = 1'700'000'000'000'000;
  EXPECT_EQ(process->query("SELECT datetime('now')"), "2023-11-14 22:13:20|");
}

}  // namespace
}  // namespace squall::test_support
