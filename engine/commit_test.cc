#include "engine/testing/engine_fixture.h"

namespace squall::testing {
namespace {

class Commit : public EngineTest {};

TEST_F(Commit, OfANewActorStartsAtGenerationOneAndHeadZero) {
  TestSession actor = started();
  EXPECT_EQ(actor.head.generation, 1u);
  EXPECT_EQ(actor.head.head_txid, 0u);
  EXPECT_EQ(actor.head.size_pages, 0u);
}

TEST_F(Commit, IsOneReadAndOneCommitRoundTrip) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 4, 1)));
  database.reads = database.commits = 0;
  ASSERT_TRUE(is_ok(actor.commit_range(2, 5, 2)));
  EXPECT_EQ(database.reads, 1u);
  EXPECT_EQ(database.commits, 1u);
}

TEST_F(Commit, ReadsBackTheNewestOfEachPage) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 100, 1)));
  ASSERT_TRUE(is_ok(actor.commit_range(7, 8, 2)));
  expect_page(actor, 1, page(1, 1));
  expect_page(actor, 7, page(7, 2));
  expect_page(actor, 100, page(100, 1));
  expect_page(actor, 101, PageRef());
}

TEST_F(Commit, UsageIsTheSumOfTheActorsRows) {
  TestSession actor = started();
  database.overwrite("foreign", SharedBytes("row"));
  ASSERT_TRUE(is_ok(actor.commit_range(1, 200, 1)));
  ASSERT_TRUE(is_ok(actor.commit_range(3, 9, 2)));
  TestSession other = started(2);
  ASSERT_TRUE(is_ok(other.commit_range(1, 3, 1)));
  EXPECT_EQ(stored_head().storage_used, stored_bytes());
  EXPECT_EQ(stored_head(2).storage_used, stored_bytes(2));
}

}  // namespace
}  // namespace squall::testing
