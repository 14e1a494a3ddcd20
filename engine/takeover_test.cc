#include "engine/testing/engine_fixture.h"
#include "engine/testing/structure_check.h"

namespace squall::test_support {
namespace {

class Takeover : public EngineTest {
 protected:
  void expect_clean() {
    const StructureCheck scan(database.rows(), 1);
    EXPECT_TRUE(scan.problems().empty()) << scan.problems().front();
  }
};

std::vector<uint32_t> pgnos_of(const Reply& reply) {
  std::vector<uint32_t> pgnos;
  for (const NumberedPage& page : std::get<PagesReply>(reply.body).pages)
    pgnos.push_back(page.pgno);
  return pgnos;
}

TEST_F(Takeover, BumpsTheGenerationAndSendsPageOne) {
  TestSession first = started();
  ASSERT_TRUE(is_ok(first.commit_range(1, 3, 1)));
  TestSession next = session(1, {2, 22});
  const Reply reply = next.take_over();
  ASSERT_TRUE(is_ok(reply));
  EXPECT_EQ(reply.head.generation, 2u);
  EXPECT_EQ(reply.head.head_txid, 1u);
  EXPECT_EQ(reply.head.size_pages, 3u);
  EXPECT_EQ(pgnos_of(reply), std::vector<uint32_t>{1});
  EXPECT_EQ(std::get<PagesReply>(reply.body).pages[0].page.view(), page(1, 1).view());
}

TEST_F(Takeover, SendsHintsAndRangesOnceEachWithinSizeAndLimit) {
  TestSession first = started();
  ASSERT_TRUE(is_ok(first.commit_range(1, 20, 1)));
  TestSession next = session(1, {2, 22});
  EXPECT_EQ(pgnos_of(next.take_over({5, 1, 99, 5}, {{4, 3}, {19, 1000}})),
            (std::vector<uint32_t>{1, 5, 4, 6, 19, 20}));
  options.max_preload_bytes = 2 * kPageSizeBytes;
  auto frugal = make_engine();
  next.move_to(*frugal);
  EXPECT_EQ(pgnos_of(next.take_over({5}, {{7, 9}})), (std::vector<uint32_t>{1, 5}));
}

TEST_F(Takeover, WithTheSameTokenIsAReplayAndChangesNothing) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 1)));
  const auto rows = database.rows();
  ASSERT_TRUE(is_ok(actor.take_over()));
  EXPECT_EQ(actor.head.generation, 1u);
  EXPECT_EQ(actor.head.head_txid, 1u);
  EXPECT_EQ(database.rows(), rows);
}

TEST_F(Takeover, WithTheSameSequenceAndANewNonceIsATakeover) {
  started(1, {5, 1});
  EXPECT_EQ(started(1, {5, 2}).head.generation, 2u);
}

TEST_F(Takeover, WithALowerSequenceIsSuperseded) {
  started(1, {5, 1});
  const auto rows = database.rows();
  TestSession late = session(1, {4, 9});
  const Reply reply = late.take_over();
  EXPECT_EQ(code_of(reply), ErrorCode::kSuperseded);
  EXPECT_EQ(reply.head.generation, 1u);
  EXPECT_EQ(database.rows(), rows);
}

TEST_F(Takeover, WithAnUnknownOutcomeBumpsOnce) {
  started(1, {1, 1});
  for (const Fate fate : {Fate::kUnknownLands, Fate::kUnknownLost, Fate::kRefused}) {
    const uint64_t generation = stored_head().generation;
    database.next_fates = {fate};
    EXPECT_EQ(started(1, {2, generation + 5}).head.generation, generation + 1);
  }
}

TEST_F(Takeover, RacingAnotherLeavesOneGenerationEach) {
  started(1, {1, 1});
  TestSession rival = session(1, {2, 3});
  bool raced = false;
  runtime.on_checkpoint = [&](Site site) -> Result<void> {
    if (site != Site::kTakeoverBeforeStoreCommit || std::exchange(raced, true)) return {};
    EXPECT_TRUE(is_ok(rival.take_over()));
    return {};
  };
  TestSession late = session(1, {2, 2});
  ASSERT_TRUE(is_ok(late.take_over()));
  EXPECT_EQ(rival.head.generation, 2u);
  EXPECT_EQ(late.head.generation, 3u);
}

TEST_F(Takeover, RemovesTheOpenStage) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 1)));
  const auto used = stored_bytes();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, {{1, page(1, 2)}}, 2)));
  ASSERT_TRUE(is_ok(actor.stage(id, 1, {{2, page(2, 2)}}, 2)));
  expect_clean();
  TestSession next = started(1, {2, 22});
  EXPECT_EQ(stored_bytes(), used);
  expect_clean();
  expect_page(next, 2, page(2, 1));
  EXPECT_EQ(code_of(actor.finalize(id, 2)), ErrorCode::kFenced);
}

TEST_F(Takeover, RemovesIndexRowsAboveTheHead) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
  compact_all();
  const Key key = index_key(1, 2);
  database.overwrite(key.view(), encode_index_row(1, key, {9, 0, 0}));
  Head head = stored_head();
  head.storage_used += kIndexRowBytes;
  database.overwrite(head_key(1).view(), encode_head(1, head));
  TestSession next = started(1, {2, 22});
  expect_page(next, 2, page(2, 1));
  expect_clean();
}

TEST_F(Takeover, KeepsAnIndexRowWhoseDeltaWasLostSoThatTheLossIsSeen) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
  compact_all();
  ASSERT_TRUE(is_ok(actor.commit({{2, page(2, 2)}}, 3)));
  database.erase(delta_key(1, {2, 0}).view());
  database.erase(delta_size_key(1, {2, 0}).view());
  TestSession next = started(1, {2, 22});
  const Reply reply = next.get_pages({2});
  EXPECT_EQ(code_of(reply), ErrorCode::kCorrupt);
}

TEST_F(Takeover, WithManyLiveDeltasWakesCompaction) {
  TestSession actor = started();
  for (int i = 0; i < 32; ++i)
    ASSERT_TRUE(is_ok(actor.commit_range(1, 2, static_cast<uint64_t>(i))));
  auto fresh = make_engine();
  fresh->start();
  TestSession next(*fresh, pool, 1, {2, 22});
  ASSERT_TRUE(is_ok(next.take_over()));
  runtime.run_for(1000);
  EXPECT_EQ(count_rows(ParsedKey::Kind::kDelta), 0u);
  expect_clean();
}

TEST_F(Takeover, ThatFailsAtAnyPointCanBeAskedAgain) {
  started();
  for (const Site site : {Site::kTakeoverBeforeTransaction, Site::kTakeoverAfterHeadRead,
                          Site::kTakeoverBeforeStoreCommit, Site::kTakeoverAfterStoreCommit,
                          Site::kTakeoverAfterPreload}) {
    const uint64_t generation = stored_head().generation;
    TestSession next = session(1, {2, 100 + generation});
    runtime.on_checkpoint = [&](Site passed) -> Result<void> {
      if (passed == site) return fail(ErrorCode::kUnavailable, "struck");
      return {};
    };
    EXPECT_EQ(code_of(next.take_over()), ErrorCode::kUnavailable) << to_string(site);
    runtime.on_checkpoint = nullptr;
    ASSERT_TRUE(is_ok(next.take_over()));
    EXPECT_EQ(next.head.generation, generation + 1) << to_string(site);
  }
}

}  // namespace
}  // namespace squall::test_support
