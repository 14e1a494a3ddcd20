#include "vfs/session.h"

#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

class TakeOverTest : public ::testing::Test {
 protected:
  Result<SessionStart> start(Owner owner) {
    return take_over(1, owner, hints, transport, runtime, retry);
  }

  PagePool pool;
  FakeEngine engine{pool};
  FakeRuntime runtime;
  FakeTransport transport{engine, runtime};
  PreloadHints hints;
  RetryPolicy retry;
};

TEST_F(TakeOverTest, ALostReplyEndsInTheSameGeneration) {
  transport.mishaps = {
      {1, Mishap::kReplyLost}, {2, Mishap::kUnavailable}, {3, Mishap::kRequestLost}};
  Result<SessionStart> session = start({1, 5});
  ASSERT_TRUE(session);
  EXPECT_EQ(session->head.generation, 1u);
  EXPECT_EQ(transport.requests, 4);
  EXPECT_GE(runtime.now, 1'700'000'000'000'000 + (50 + 100 + 200) * 1000);
}

TEST_F(TakeOverTest, ABudgetThatIsOverIsUnavailable) {
  retry.attempts = 3;
  for (int i = 1; i < 10; ++i) transport.mishaps[i] = Mishap::kRequestLost;
  Result<SessionStart> session = start({1, 5});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(transport.requests, 3);
}

TEST_F(TakeOverTest, AnOlderStartIsSupersededAtOnce) {
  ASSERT_TRUE(start({2, 5}));
  Result<SessionStart> older = start({1, 6});
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::kSuperseded);
  EXPECT_EQ(transport.requests, 2);
}

TEST_F(TakeOverTest, AKilledProcessStopsAtOnce) {
  transport.mishaps = {{1, Mishap::kKilledAfter}};
  Result<SessionStart> session = start({1, 5});
  ASSERT_FALSE(session);
  EXPECT_EQ(transport.requests, 1);
}

TEST_F(TakeOverTest, PreloadedPagesNeedNoFetch) {
  {
    Process process(engine, pool, 1, {});
    ASSERT_EQ(process.sql("CREATE TABLE t(a); INSERT INTO t VALUES(randomblob(50000))"), SQLITE_OK);
  }
  const int before = engine.counts.page_requests;
  hints.ranges = {{2, engine.actor(1).head.size_pages}};
  Process warm(engine, pool, 1, {}, hints);
  EXPECT_EQ(warm.query("SELECT length(a) FROM t"), "50000|");
  EXPECT_EQ(engine.counts.page_requests, before);
  Process cold(engine, pool, 1, {});
  EXPECT_EQ(cold.query("SELECT length(a) FROM t"), "50000|");
  EXPECT_GT(engine.counts.page_requests, before);
}

}  // namespace
}  // namespace squall::test_support
