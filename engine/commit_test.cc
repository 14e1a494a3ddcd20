#include "engine/testing/engine_fixture.h"
#include "engine/testing/structure_check.h"

namespace squall::test_support {
namespace {

class Commit : public EngineTest {
 protected:
  void expect_clean() {
    const StructureCheck scan(database.rows(), 1);
    EXPECT_TRUE(scan.problems().empty()) << scan.problems().front();
  }
};

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

TEST_F(Commit, OfFourMebibytesIsOneCommitRoundTripAsWell) {
  TestSession actor = started();
  database.reads = database.commits = 0;
  ASSERT_TRUE(is_ok(actor.commit_range(1, 1024, 1)));
  EXPECT_EQ(database.reads, 1u);
  EXPECT_EQ(database.commits, 1u);
  EXPECT_LT(database.largest_transaction_bytes, kMaxTransactionBytes);
  expect_page(actor, 1000, page(1000, 1));
  expect_clean();
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

TEST_F(Commit, OfOneActorLeavesAnotherAlone) {
  TestSession one = started(1);
  TestSession two = started(2);
  ASSERT_TRUE(is_ok(one.commit_range(1, 2, 1)));
  ASSERT_TRUE(is_ok(two.commit_range(1, 2, 9)));
  expect_page(one, 2, page(2, 1));
  expect_page(two, 2, page(2, 9));
}

TEST_F(Commit, WithAStaleGenerationOrHeadIsFencedAndSaysTheActualHead) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 1)));
  TestSession stale_head = actor;
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 2)));
  CommitRequest request = stale_head.commit_request({{1, page(1, 3)}}, 2);
  request.commit_id = {5, 5};
  Reply reply = stale_head.send(request);
  EXPECT_EQ(code_of(reply), ErrorCode::kFenced);
  EXPECT_EQ(reply.head.head_txid, 2u);

  TestSession next = started(1, {2, 22});
  request.head_txid = 2;
  reply = actor.send(request);
  EXPECT_EQ(code_of(reply), ErrorCode::kFenced);
  EXPECT_EQ(reply.head.generation, 2u);
  expect_page(next, 1, page(1, 2));
}

TEST_F(Commit, SentAgainIsAnsweredAgainAndAppliedOnce) {
  TestSession actor = started();
  const CommitRequest request = actor.commit_request({{1, page(1, 1)}}, 1);
  TestSession again = actor;
  ASSERT_TRUE(is_ok(actor.send(request)));
  const auto rows = database.rows();
  ASSERT_TRUE(is_ok(again.send(request)));
  EXPECT_EQ(again.head.head_txid, 1u);
  EXPECT_EQ(database.rows(), rows);
  EXPECT_EQ(engine().statistics().commits_recognised, 1u);
}

TEST_F(Commit, WithAnUnknownOutcomeIsResolvedByLooking) {
  TestSession actor = started();
  for (const Fate fate : {Fate::kUnknownLands, Fate::kUnknownLost, Fate::kRefused, Fate::kTooOld}) {
    const uint64_t head = actor.head.head_txid;
    database.next_fates = {fate};
    const Reply reply = actor.commit_range(1, 2, head + 1);
    ASSERT_TRUE(is_ok(reply)) << message_of(reply);
    EXPECT_EQ(actor.head.head_txid, head + 1);
    expect_page(actor, 2, page(2, head + 1));
    expect_clean();
  }
}

TEST_F(Commit, ThatTimedOutAndLandsLateIsAppliedOnce) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 1)));
  database.next_fates = {Fate::kTimesOutLands};
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 2)));
  database.land_late();
  EXPECT_EQ(stored_head().head_txid, 2u);
  expect_clean();

  // The other order: the late one lands first, the second attempt finds its id.
  database.next_fates = {Fate::kTimesOutLands};
  const CommitRequest request = actor.commit_request({{1, page(1, 3)}}, 2);
  options.retry.max_attempts = 1;
  Engine impatient(options, database, runtime, pool);
  actor.move_to(impatient);
  EXPECT_EQ(code_of(actor.send(request)), ErrorCode::kUnavailable);
  database.land_late();
  ASSERT_TRUE(is_ok(actor.send(request)));
  EXPECT_EQ(stored_head().head_txid, 3u);
}

// A store that fails for good after a commit of unknown outcome has not said that nothing was
// written.
TEST_F(Commit, InDoubtStaysInDoubtWhenTheStoreFailsForGood) {
  TestSession actor = started();
  database.next_fates = {Fate::kUnknownLands};
  database.read_failure = [this]() -> std::optional<StoreCode> {
    if (!database.next_fates.empty()) return std::nullopt;
    return StoreCode::kTransactionTooLarge;
  };
  const CommitRequest request = actor.commit_request({{1, page(1, 1)}}, 1);
  EXPECT_EQ(code_of(actor.send(request)), ErrorCode::kUnavailable);
  database.read_failure = nullptr;
  ASSERT_TRUE(is_ok(actor.send(request)));
  EXPECT_EQ(stored_head().head_txid, 1u);
}

TEST_F(Commit, GivesUpAfterItsAttemptsAndLeavesNothing) {
  TestSession actor = started();
  const auto rows = database.rows();
  database.commit_fate = [] { return Fate::kRefused; };
  EXPECT_EQ(code_of(actor.commit_range(1, 2, 1)), ErrorCode::kUnavailable);
  EXPECT_EQ(database.rows(), rows);
  EXPECT_EQ(database.commits, 1 + options.retry.max_attempts);
}

TEST_F(Commit, ThatFailsAtAnyPointBeforeTheStoreCommitLeavesNothing) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 200, 1)));
  const auto rows = database.rows();
  for (const Site site :
       {Site::kCommitBeforeTransaction, Site::kCommitAfterHeadRead, Site::kCommitAfterShrinkCleanup,
        Site::kCommitAfterEncode, Site::kCommitBeforeStoreCommit}) {
    runtime.on_checkpoint = [&](Site passed) -> Result<void> {
      if (passed == site) return fail(ErrorCode::kUnavailable, "struck");
      return {};
    };
    EXPECT_EQ(code_of(actor.commit({{1, page(1, 2)}}, 100)), ErrorCode::kUnavailable)
        << to_string(site);
    EXPECT_EQ(database.rows(), rows) << to_string(site);
  }
  runtime.on_checkpoint = nullptr;
  ASSERT_TRUE(is_ok(actor.commit({{1, page(1, 2)}}, 100)));
  expect_clean();
}

TEST_F(Commit, ThatFailsAfterTheStoreCommitIsThereAndAnsweredWhenAskedAgain) {
  TestSession actor = started();
  for (const Site site : {Site::kCommitAfterStoreCommit, Site::kCommitAfterWake}) {
    const CommitRequest request = actor.commit_request({{1, page(1, 2)}}, 1);
    runtime.on_checkpoint = [&](Site passed) -> Result<void> {
      if (passed == site) return fail(ErrorCode::kUnavailable, "struck");
      return {};
    };
    EXPECT_EQ(code_of(actor.send(request)), ErrorCode::kUnavailable);
    runtime.on_checkpoint = nullptr;
    ASSERT_TRUE(is_ok(actor.send(request)));
  }
  EXPECT_EQ(stored_head().head_txid, 2u);
}

TEST_F(Commit, ThatGrowsMustCarryEveryNewPage) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 1)));
  EXPECT_EQ(code_of(actor.commit({{4, page(4, 1)}}, 4)), ErrorCode::kInvalidRequest);
  EXPECT_EQ(code_of(actor.commit({}, 3)), ErrorCode::kInvalidRequest);
  EXPECT_TRUE(is_ok(actor.commit({{3, page(3, 1)}, {4, page(4, 1)}}, 4)));
}

TEST_F(Commit, AboveTheLargestDeltaIsTooLarge) {
  options.max_delta_bytes = 4 * kPageSizeBytes;
  TestSession actor = started();
  EXPECT_TRUE(is_ok(actor.commit_range(1, 4, 1)));
  EXPECT_EQ(code_of(actor.commit_range(5, 9, 1)), ErrorCode::kTooLarge);
}

TEST_F(Commit, BeyondTheQuotaIsRefusedOnlyWhenItGrowsTheDatabase) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 50, 1)));
  ASSERT_TRUE(engine().set_storage_max(1, stored_bytes()));
  const auto rows = database.rows();
  EXPECT_EQ(code_of(actor.commit({{51, page(51, 1)}}, 51)), ErrorCode::kQuotaExceeded);
  EXPECT_EQ(database.rows(), rows);
  EXPECT_TRUE(is_ok(actor.commit({{1, page(1, 2)}}, 50)));
  EXPECT_TRUE(is_ok(actor.commit({{1, page(1, 3)}}, 10)));
  compact_all();
  EXPECT_TRUE(is_ok(actor.commit({{11, page(11, 1)}}, 11)));
  expect_clean();
}

TEST_F(Commit, ThatShrinksRemovesRowsAndShardsPastTheEndAndTheirUsage) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 300, 1)));
  compact_all();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 300, 2)));
  ASSERT_TRUE(is_ok(actor.commit({{1, page(1, 3)}}, 70)));
  EXPECT_EQ(count_rows(ParsedKey::Kind::kIndex), 70u);
  EXPECT_EQ(count_rows(ParsedKey::Kind::kShardSize), 2u);
  expect_clean();
  expect_page(actor, 71, PageRef());
}

TEST_F(Commit, ThatRegrowsNeverShowsOldBytes) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 100, 1)));
  compact_all();
  ASSERT_TRUE(is_ok(actor.commit({{1, page(1, 2)}}, 70)));
  ASSERT_TRUE(is_ok(actor.commit_range(71, 100, 5)));
  expect_page(actor, 80, page(80, 5));
  compact_all();
  expect_page(actor, 80, page(80, 5));
  expect_clean();
}

TEST_F(Commit, OnAnotherNodeSeesWhatTheFirstWrote) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 70, 1)));
  auto other = make_engine();
  actor.move_to(*other);
  ASSERT_TRUE(is_ok(actor.commit_range(2, 3, 2)));
  actor.move_to(engine());
  ASSERT_TRUE(is_ok(actor.commit_range(3, 4, 3)));
  expect_page(actor, 2, page(2, 2));
  expect_page(actor, 3, page(3, 3));
  expect_clean();
}

TEST_F(Commit, OfAnActorThatDoesNotExistIsFenced) {
  TestSession nobody = session();
  nobody.head = {1, 0, 0};
  EXPECT_EQ(code_of(nobody.commit_range(1, 1, 1)), ErrorCode::kFenced);
  EXPECT_TRUE(database.rows().empty());
}

}  // namespace
}  // namespace squall::test_support
