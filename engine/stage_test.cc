#include "engine/testing/engine_fixture.h"
#include "engine/testing/structure_check.h"

namespace squall::test_support {
namespace {

class Stage : public EngineTest {
 protected:
  void expect_clean() {
    const StructureCheck scan(database.rows(), 1);
    EXPECT_TRUE(scan.problems().empty()) << scan.problems().front();
  }
  PageMap pages(uint32_t first, uint32_t last, uint64_t version) {
    PageMap result;
    for (uint32_t pgno = first; pgno <= last; ++pgno) result[pgno] = page(pgno, version);
    return result;
  }
};

TEST_F(Stage, OfTwelveMebibytesInChunksIsOneCommit) {
  TestSession actor = started();
  const Reply reply = actor.commit_staged(pages(1, 3072, 1), 3072, 64);
  ASSERT_TRUE(is_ok(reply)) << message_of(reply);
  EXPECT_EQ(actor.head.head_txid, 1u);
  EXPECT_EQ(actor.head.size_pages, 3072u);
  for (const uint32_t pgno : {1u, 64u, 65u, 3072u}) expect_page(actor, pgno, page(pgno, 1));
  expect_clean();
}

TEST_F(Stage, OfAHundredMegabytesFinalizesInOneTransactionBelowTheStoresLimit) {
  TestSession actor = started();
  constexpr uint32_t kPages = 25'600;
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  for (uint32_t chunk = 0; chunk < kPages / 256; ++chunk) {
    ASSERT_TRUE(
        is_ok(actor.stage(id, chunk, pages(chunk * 256 + 1, chunk * 256 + 256, 1), kPages)));
  }
  database.largest_transaction_bytes = 0;
  ASSERT_TRUE(is_ok(actor.finalize(id, kPages)));
  EXPECT_LT(database.largest_transaction_bytes, kMaxTransactionBytes);
  expect_page(actor, 20'000, page(20'000, 1));
  EXPECT_EQ(stored_head().storage_used, stored_bytes());
}

TEST_F(Stage, WritesIndexRowsOverOlderOnes) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_staged(pages(1, 4096, 1), 4096, 1000)));
  ASSERT_TRUE(is_ok(
      actor.commit_staged({{1, page(1, 2)}, {17, page(17, 2)}, {4096, page(4096, 2)}}, 4096, 2)));
  for (const uint32_t pgno : {1u, 17u, 4096u}) expect_page(actor, pgno, page(pgno, 2));
  expect_page(actor, 2, page(2, 1));
  expect_clean();
}

TEST_F(Stage, ChunksMayComeTwiceAndInAnyOrder) {
  TestSession actor = started();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  ASSERT_TRUE(is_ok(actor.stage(id, 1, pages(3, 4, 1), 4)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 2, 1), 4)));
  ASSERT_TRUE(is_ok(actor.stage(id, 1, pages(3, 4, 1), 4)));
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  expect_clean();
  ASSERT_TRUE(is_ok(actor.finalize(id, 4)));
  expect_page(actor, 3, page(3, 1));
  expect_clean();
}

TEST_F(Stage, AChunkThatComesAgainOtherwiseReplacesTheFirst) {
  TestSession actor = started();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 60, 1), 60)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 2, 7), 2)));
  expect_clean();
  ASSERT_TRUE(is_ok(actor.finalize(id, 2)));
  expect_page(actor, 2, page(2, 7));
  expect_clean();
}

TEST_F(Stage, OfAnEarlierStagingWithMoreChunksLeavesNothingBehind) {
  TestSession actor = started();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  for (uint32_t chunk = 0; chunk < 4; ++chunk) {
    ASSERT_TRUE(is_ok(actor.stage(id, chunk, pages(chunk + 1, chunk + 1, 1), 4)));
  }
  actor.checksums.clear();
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 2, 1), 4)));
  ASSERT_TRUE(is_ok(actor.stage(id, 1, pages(3, 4, 1), 4)));
  ASSERT_TRUE(is_ok(actor.finalize(id, 4)));
  EXPECT_EQ(count_rows(ParsedKey::Kind::kDeltaSize), 2u);
  expect_clean();
}

TEST_F(Stage, WithoutItsChunksOrItsBeginningIsIncomplete) {
  TestSession actor = started();
  const CommitId id = actor.next_id();
  EXPECT_EQ(code_of(actor.stage(id, 0, pages(1, 1, 1), 2)), ErrorCode::kStageIncomplete);
  EXPECT_EQ(code_of(actor.finalize(id, 2)), ErrorCode::kStageIncomplete);
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  EXPECT_EQ(code_of(actor.finalize(id, 2)), ErrorCode::kStageIncomplete);
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 1, 1), 2)));
  actor.checksums[1] = 5;
  EXPECT_EQ(code_of(actor.finalize(id, 2)), ErrorCode::kStageIncomplete);
  ASSERT_TRUE(is_ok(actor.stage(id, 1, pages(2, 2, 1), 2)));
  actor.checksums[0] ^= 1;
  EXPECT_EQ(code_of(actor.finalize(id, 2)), ErrorCode::kStageIncomplete);
  actor.checksums[0] ^= 1;
  EXPECT_TRUE(is_ok(actor.finalize(id, 2)));
}

TEST_F(Stage, FinalizedTwiceIsAnsweredTwice) {
  TestSession actor = started();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 2, 1), 2)));
  TestSession again = actor;
  ASSERT_TRUE(is_ok(actor.finalize(id, 2)));
  ASSERT_TRUE(is_ok(again.finalize(id, 2)));
  EXPECT_EQ(stored_head().head_txid, 1u);
  expect_clean();
}

TEST_F(Stage, WithUnknownOutcomesEndsInTheRightAnswer) {
  TestSession actor = started();
  for (const Fate fate : {Fate::kUnknownLands, Fate::kUnknownLost}) {
    const CommitId id = actor.next_id();
    const uint32_t size = actor.head.size_pages + 2;
    const uint64_t head = actor.head.head_txid;
    database.next_fates = {fate};
    ASSERT_TRUE(is_ok(actor.stage_begin(id)));
    database.next_fates = {fate};
    ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(size - 1, size, 1), size)));
    database.next_fates = {fate};
    ASSERT_TRUE(is_ok(actor.finalize(id, size)));
    EXPECT_EQ(actor.head.head_txid, head + 1);
    expect_clean();
  }
}

TEST_F(Stage, OfAnotherCommitOrAPlainCommitDiscardsTheOpenOne) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 1)));
  const CommitId first = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(first)));
  ASSERT_TRUE(is_ok(actor.stage(first, 0, pages(1, 2, 2), 2)));
  const CommitId second = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(second)));
  expect_clean();
  EXPECT_EQ(count_rows(ParsedKey::Kind::kDelta), 1u);
  ASSERT_TRUE(is_ok(actor.stage(second, 3, pages(1, 2, 3), 2)));
  ASSERT_TRUE(is_ok(actor.commit_range(2, 2, 4)));
  expect_page(actor, 1, page(1, 1));
  expect_page(actor, 2, page(2, 4));
  expect_clean();
}

TEST_F(Stage, OfBytesThatAreNoChunkOfTheCommitIsRefused) {
  TestSession actor = started();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  const auto send = [&](std::string_view blob) {
    return engine().handle({1, 1, StageRequest{0, id, 0, SharedBytes(blob)}});
  };
  EXPECT_EQ(code_of(send("garbage")), ErrorCode::kInvalidRequest);
  ltx::Encoder encoder;
  ASSERT_TRUE(encoder.begin(delta_header(7, 1, 0)));
  ASSERT_TRUE(encoder.add_page(1, page(1, 1).view()));
  EXPECT_EQ(code_of(send(*encoder.finish())), ErrorCode::kInvalidRequest);
  ASSERT_TRUE(encoder.begin(delta_header(0, 1, 0)));
  ASSERT_TRUE(encoder.add_page(1, page(1, 1).view()));
  std::string blob(*encoder.finish());
  EXPECT_TRUE(is_ok(send(blob)));
  blob[150] = static_cast<char>(blob[150] ^ 1);
  EXPECT_EQ(code_of(send(blob)), ErrorCode::kInvalidRequest);
}

TEST_F(Stage, BeyondItsBoundIsTooLargeAndLeavesTheRowsAsTheyWere) {
  options.max_staged_bytes = 20'000;
  TestSession actor = started();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 4, 1), 20)));
  EXPECT_EQ(code_of(actor.stage(id, 1, pages(5, 20, 1), 20)), ErrorCode::kTooLarge);
  expect_clean();
}

TEST_F(Stage, WithAPageInTwoChunksPastTheSizeOrMissingIsInvalid) {
  TestSession actor = started();
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, pages(1, 2, 1), 3)));
  ASSERT_TRUE(is_ok(actor.stage(id, 1, pages(2, 3, 1), 3)));
  EXPECT_EQ(code_of(actor.finalize(id, 3)), ErrorCode::kInvalidRequest);
  ASSERT_TRUE(is_ok(actor.stage(id, 1, pages(3, 3, 1), 3)));
  EXPECT_EQ(code_of(actor.finalize(id, 2)), ErrorCode::kInvalidRequest);
  EXPECT_EQ(code_of(actor.finalize(id, 4)), ErrorCode::kInvalidRequest);
  EXPECT_TRUE(is_ok(actor.finalize(id, 3)));
}

TEST_F(Stage, ThatGrowsBeyondTheQuotaIsRefused) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 1)));
  ASSERT_TRUE(engine().set_storage_max(1, stored_bytes()));
  EXPECT_EQ(code_of(actor.commit_staged(pages(3, 9, 1), 9, 3)), ErrorCode::kQuotaExceeded);
  EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 2)));
  expect_clean();
}

TEST_F(Stage, ThatShrinksRemovesWhatLiesPastTheEnd) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 200, 1)));
  compact_all();
  ASSERT_TRUE(is_ok(actor.commit_staged(pages(1, 30, 2), 40, 10)));
  expect_page(actor, 35, page(35, 1));
  expect_page(actor, 41, PageRef());
  expect_clean();
}

}  // namespace
}  // namespace squall::test_support
