// Kills the process at every request of a script of transactions, before and after the engine took
// it: another process must find the state after the last acknowledged transaction, or after the one
// in flight.
#include "vfs/testing/session_fixture.h"
#include "vfs/testing/twin.h"

namespace squall::test_support {
namespace {

std::string fill(int first, int last, int size) {
  return "WITH RECURSIVE c(i) AS (SELECT " + std::to_string(first) +
         " UNION ALL SELECT i+1 FROM c WHERE i<" + std::to_string(last) +
         ") INSERT INTO t SELECT i, 'k'||i, zeroblob(" + std::to_string(size) + ") FROM c";
}

// Each step is at most one commit.
std::vector<std::string> script() {
  return {
      "CREATE TABLE t(id INTEGER PRIMARY KEY, k, v)",
      fill(1, 3, 500),
      "CREATE INDEX tk ON t(k)",
      "BEGIN; " + fill(10, 80, 3000) + "; UPDATE t SET v=x'01' WHERE id%5=0; COMMIT",
      "BEGIN; " + fill(100, 150, 3000) + "; DELETE FROM t WHERE id<20; ROLLBACK",
      "UPDATE t SET v=zeroblob(9000) WHERE id=30",
      "DELETE FROM t WHERE id>30",
      "VACUUM",
      fill(200, 220, 5000),
      "DROP INDEX tk",
  };
}

VfsOptions small_options(Profile profile) {
  VfsOptions options;
  options.profile = profile;
  options.max_delta_bytes = 128 << 10;
  options.stage_chunk_bytes = 64 << 10;
  options.page_cache_pages = 8;
  return options;
}

// The contents after 0, 1, 2… steps.
std::vector<std::string> expected_contents() {
  Twin twin;
  std::vector<std::string> contents{twin.content()};
  for (const std::string& step : script()) {
    EXPECT_EQ(twin.sql(step), SQLITE_OK) << step;
    contents.push_back(twin.content());
  }
  return contents;
}

class CrashTest : public ::testing::TestWithParam<std::tuple<Profile, Mishap>> {
 protected:
  static constexpr uint32_t kTinyCache = 10;

  // Runs the script with a mishap at the n-th request. False when the script made fewer requests.
  static bool run(Profile profile, Mishap mishap, int n, const std::vector<std::string>& expected) {
    PagePool pool;
    FakeEngine engine(pool);
    size_t acknowledged = 0;
    bool struck = true;
    {
      Process process(engine, pool, 1, small_options(profile), {}, kTinyCache);
      process.transport.mishaps = {{n, mishap}};
      for (const std::string& step : script()) {
        if (process.sql(step) != SQLITE_OK) break;
        ++acknowledged;
      }
      struck = process.transport.requests >= n;
      const bool killed = mishap == Mishap::kKilledBefore || mishap == Mishap::kKilledAfter;
      if (!killed) {
        EXPECT_EQ(acknowledged, script().size())
            << "request " << n << ": " << process.vfs->last_error();
      }
    }
    Process next(engine, pool, 1, small_options(profile));
    EXPECT_TRUE(next.connection) << next.error.message;
    EXPECT_EQ(next.query("PRAGMA integrity_check"), "ok|") << "request " << n;
    const std::string found = content_of(next.db());
    const bool old = found == expected[acknowledged];
    const bool is_new = acknowledged < script().size() && found == expected[acknowledged + 1];
    EXPECT_TRUE(old || is_new) << "request " << n << ", " << acknowledged
                               << " steps acknowledged, found\n"
                               << found;
    return struck;
  }
};

TEST_P(CrashTest, EveryRequestLeavesOldOrNew) {
  const auto [profile, mishap] = GetParam();
  const std::vector<std::string> expected = expected_contents();
  int n = 2;  // the first one takes over
  while (run(profile, mishap, n, expected) && !HasFailure()) ++n;
  EXPECT_GT(n, 20);
}

std::string case_name(const ::testing::TestParamInfo<std::tuple<Profile, Mishap>>& param_info) {
  constexpr const char* kMishaps[] = {"RequestLost", "ReplyLost", "KilledBefore", "KilledAfter"};
  const auto [profile, mishap] = param_info.param;
  return std::string(name_of(profile)) + kMishaps[static_cast<int>(mishap)];
}

INSTANTIATE_TEST_SUITE_P(
    Profiles, CrashTest,
    ::testing::Combine(::testing::Values(Profile::kDefault, Profile::kOriginal, Profile::kFallback),
                       ::testing::Values(Mishap::kKilledBefore, Mishap::kKilledAfter,
                                         Mishap::kReplyLost, Mishap::kRequestLost)),
    case_name);

}  // namespace
}  // namespace squall::test_support
