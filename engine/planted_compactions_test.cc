// Planted defects of compaction and of what a node remembers, each under its trigger.
#include "engine/testing/planted_fixture.h"

namespace squall::test_support {
namespace {

TEST_F(Planted, CompactionLeavesTheNodesIndexAsItWas) {
  expect_only_with(Defect::kCompactionLeavesIndexStale, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    EXPECT_TRUE(engine().compact(1));
    return !reads_as(actor, 2, page(2, 1));
  });
}

TEST_F(Planted, NodeAnswersFromAnIndexThatAnotherNodesCommitLeftBehind) {
  expect_only_with(Defect::kForeignCommitLeavesIndexStale, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    EXPECT_TRUE(reads_as(actor, 2, page(2, 1)));
    auto other = make_engine();
    TestSession elsewhere = actor;
    elsewhere.move_to(*other);
    EXPECT_TRUE(is_ok(elsewhere.commit_range(2, 2, 2)));
    return !reads_as(actor, 2, page(2, 2));
  });
}

TEST_F(Planted, CompactionDeletesADeltaThatItFoldedInPart) {
  options.shards_per_pass = 1;
  expect_only_with(Defect::kCompactionOverstatesCoverage, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 100, 1)));
    EXPECT_TRUE(engine().compact(1));
    return !reads_as(actor, 90, page(90, 1));
  });
}

TEST_F(Planted, CompactionLooksForItsOldHeadForEver) {
  expect_only_with(Defect::kCompactionChasesHead, [&] {
    constexpr int kEnough = 5;
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    int looks = 0;
    bool raced = false;
    runtime.on_checkpoint = [&](Site site) -> Result<void> {
      if (site == Site::kCompactAfterFold && !std::exchange(raced, true)) {
        EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 2)));
      }
      looks += site == Site::kCompactAfterHeadRead ? 1 : 0;
      return looks < kEnough ? Result<void>() : fail(ErrorCode::kUnavailable, "enough");
    };
    (void)engine().compact(1);
    runtime.on_checkpoint = nullptr;
    return looks == kEnough;
  });
}

TEST_F(Planted, TwoNodesFoldTheSameDeltas) {
  expect_only_with(Defect::kTwoCoordinatorsFoldTwice, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    auto other = make_engine();
    at(Site::kCompactAfterFold, [&] { EXPECT_TRUE(other->compact(1)); });
    EXPECT_TRUE(engine().compact(1));
    return stored_bytes() != stored_head().storage_used;
  });
}

TEST_F(Planted, CommitDuringACompactionWakesNone) {
  options.compaction_deltas = 2;
  expect_only_with(Defect::kWakeUpLost, [&] {
    engine().start();
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    at(Site::kCompactAfterFold, [&] { EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 3))); });
    EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 2)));
    runtime.run_for(60'000'000);
    return stored_head().materialized_txid < stored_head().head_txid;
  });
}

}  // namespace
}  // namespace squall::test_support
