#include "engine/testing/engine_fixture.h"
#include "engine/testing/structure_check.h"

namespace squall::test_support {
namespace {

class Read : public EngineTest {
 protected:
  uint64_t reads_of(TestSession& actor, std::vector<uint32_t> pgnos) {
    database.reads = 0;
    EXPECT_TRUE(is_ok(actor.get_pages(std::move(pgnos))));
    return database.reads;
  }
};

TEST_F(Read, OfDeltaAndShardIsOneRoundTrip) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 20, 1)));
  compact_all();
  ASSERT_TRUE(is_ok(actor.commit_range(3, 5, 2)));
  EXPECT_EQ(reads_of(actor, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), 1u);
  expect_page(actor, 2, page(2, 1));
  expect_page(actor, 4, page(4, 2));
}

TEST_F(Read, OfAShardInManyPiecesIsOneRoundTripOnceItsPiecesAreKnown) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 63, 1)));
  compact_all();
  EXPECT_EQ(reads_of(actor, {1, 63}), 1u);
  auto fresh = make_engine();
  actor.move_to(*fresh);
  EXPECT_EQ(reads_of(actor, {1}), 3u);  // index, first value, pieces
  EXPECT_EQ(reads_of(actor, {2}), 1u);
  expect_page(actor, 63, page(63, 1));
}

TEST_F(Read, OnANodeThatIsColdLoadsTheIndexOnce) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  auto fresh = make_engine();
  actor.move_to(*fresh);
  EXPECT_EQ(reads_of(actor, {1, 2}), 2u);
  EXPECT_EQ(reads_of(actor, {3}), 1u);
}

TEST_F(Read, WithAnIndexThatAnotherNodeMadeStaleGoesOnWithTheNewOne) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  auto other = make_engine();
  EXPECT_TRUE(other->compact(1));
  expect_page(actor, 3, page(3, 1));
  actor.move_to(*other);
  ASSERT_TRUE(is_ok(actor.commit_range(3, 3, 2)));
  actor.move_to(engine());
  expect_page(actor, 3, page(3, 2));
}

TEST_F(Read, RacingACompactionGetsThePageOfItsReadVersion) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  bool raced = false;
  runtime.on_checkpoint = [&](Site site) -> Result<void> {
    if (site != Site::kReadBeforeIndex || std::exchange(raced, true)) return {};
    auto other = make_engine();
    EXPECT_TRUE(other->compact(1));
    return {};
  };
  expect_page(actor, 3, page(3, 1));
}

TEST_F(Read, CarriesTheHeadAndIsFencedByGeneration) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  Reply reply = actor.get_pages({1});
  EXPECT_EQ(reply.head.head_txid, 1u);
  EXPECT_EQ(reply.head.size_pages, 5u);
  started(1, {2, 2});
  reply = actor.get_pages({1});
  EXPECT_EQ(code_of(reply), ErrorCode::kFenced);
  EXPECT_EQ(reply.head.generation, 2u);
}

TEST_F(Read, OfPageZeroOrAPageTwiceIsInvalid) {
  TestSession actor = started();
  EXPECT_EQ(code_of(actor.get_pages({0})), ErrorCode::kInvalidRequest);
  EXPECT_EQ(code_of(actor.get_pages({2, 1, 2})), ErrorCode::kInvalidRequest);
}

TEST_F(Read, OfAMissingBlobIsCorruptNeverZeros) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  database.erase(delta_key(1, {1, 0}).view());
  Reply reply = actor.get_pages({4});
  EXPECT_EQ(code_of(reply), ErrorCode::kCorrupt);
  EXPECT_NE(message_of(reply).find("page 4 of actor 1"), std::string::npos) << message_of(reply);
  EXPECT_NE(message_of(reply).find("delta 1"), std::string::npos);
}

TEST_F(Read, OfAFlippedBitIsCorruptAlsoWhenTheBlobWasOpenBefore) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  expect_page(actor, 4, page(4, 1));
  const Key key = delta_key(1, {1, 0});
  const std::string stored(database.rows().find(key.view())->second.view());
  for (const size_t at : {size_t{0}, size_t{1}, size_t{60}, stored.size() / 2, stored.size() - 1}) {
    std::string bytes = stored;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    database.overwrite(key.view(), SharedBytes(bytes));
    EXPECT_EQ(code_of(actor.get_pages({4})), ErrorCode::kCorrupt) << at;
  }
  database.overwrite(key.view(), SharedBytes(stored));
  expect_page(actor, 4, page(4, 1));
}

TEST_F(Read, OfABlobInPiecesWhoseFirstValueIsBentIsCorrupt) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 63, 1)));
  compact_all();
  const Key key = shard_key(1, 0);
  const std::string stored(database.rows().find(key.view())->second.view());
  for (size_t at = 0; at < stored.size(); ++at) {
    std::string bytes = stored;
    bytes[at] = static_cast<char>(bytes[at] ^ 2);
    database.overwrite(key.view(), SharedBytes(bytes));
    EXPECT_EQ(code_of(actor.get_pages({4})), ErrorCode::kCorrupt) << at;
  }
}

TEST_F(Read, OfADeltaUnderAnotherKeyIsCorrupt) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 2)));
  database.overwrite(delta_key(1, {2, 0}).view(),
                     database.rows().find(delta_key(1, {1, 0}).view())->second);
  EXPECT_EQ(code_of(actor.get_pages({4})), ErrorCode::kCorrupt);
}

TEST_F(Read, OpensABlobOnceWhileTheStoreHandsOutTheSameMemory) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  expect_page(actor, 4, page(4, 1));
  EXPECT_GT(engine().memory_use().blob_bytes, 0u);
  options.cached_blob_bytes = 0;
  auto frugal = make_engine();
  actor.move_to(*frugal);
  expect_page(actor, 4, page(4, 1));
  EXPECT_EQ(frugal->memory_use().blob_bytes, 0u);
}

TEST_F(Read, KeepsTheIndexOfAsManyActorsAsTheKnobSays) {
  options.cached_actors = 3;
  std::vector<TestSession> actors;
  for (ActorId actor = 1; actor <= 8; ++actor) {
    actors.push_back(started(actor));
    ASSERT_TRUE(is_ok(actors.back().commit_range(1, 2, actor)));
  }
  EXPECT_EQ(engine().memory_use().indexes, 3u);
  for (auto& actor : actors) expect_page(actor, 2, page(2, actor.actor()));
}

TEST_F(Read, SurvivesStoreErrorsThatAreRetryable) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 5, 1)));
  int failures = 3;
  database.read_failure = [&]() -> std::optional<StoreCode> {
    return failures-- > 0 ? std::optional(StoreCode::kTransactionTooOld) : std::nullopt;
  };
  expect_page(actor, 4, page(4, 1));
}

}  // namespace
}  // namespace squall::test_support
