// Each planted defect of the engine breaks its property under the trigger named, and only while it
// is switched on.
#include "engine/testing/planted_fixture.h"

namespace squall::test_support {
namespace {

TEST_F(Planted, CommitThatReadsTheHeadAtSnapshotUndoesACompaction) {
  expect_only_with(Defect::kCommitReadsHeadAtSnapshot, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    at(Site::kCommitBeforeStoreCommit, [&] { EXPECT_TRUE(engine().compact(1)); });
    EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 2)));
    return stored_head().compaction_epoch == 0;
  });
}

TEST_F(Planted, CompactionThatReadsTheHeadAtSnapshotUndoesACommit) {
  expect_only_with(Defect::kCompactionReadsHeadAtSnapshot, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    at(Site::kCompactBeforeStoreCommit, [&] { EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 2))); });
    EXPECT_TRUE(engine().compact(1));
    return stored_head().head_txid == 1;
  });
}

TEST_F(Planted, TakeoverThatReadsTheHeadAtSnapshotSharesAGeneration) {
  expect_only_with(Defect::kTakeoverReadsHeadAtSnapshot, [&] {
    started();
    TestSession rival = session(1, {2, 3});
    at(Site::kTakeoverBeforeStoreCommit, [&] { EXPECT_TRUE(is_ok(rival.take_over())); });
    TestSession late = session(1, {2, 2});
    (void)late.take_over();
    return stored_head().generation == 2;
  });
}

TEST_F(Planted, CompactionThatWritesItsOldHeadUndoesACommit) {
  expect_only_with(Defect::kCompactionWritesStaleHead, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    at(Site::kCompactAfterFold, [&] { EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 2))); });
    EXPECT_TRUE(engine().compact(1));
    return stored_head().head_txid == 1;
  });
}

TEST_F(Planted, FinalizeThatWritesNoIndexLosesItsPages) {
  expect_only_with(Defect::kFinalizeWritesNoIndex, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_staged({{1, page(1, 1)}, {2, page(2, 1)}}, 2, 1)));
    return !reads_as(actor, 2, page(2, 1));
  });
}

TEST_F(Planted, ReadWhoseFirstSourceIsMissingGivesZeros) {
  expect_only_with(Defect::kReadZeroesWhenSourceMissing, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    EXPECT_TRUE(make_engine()->compact(1));
    return reads_as(actor, 2, pool.zero());
  });
}

TEST_F(Planted, ShrinkLeavesRows) {
  expect_only_with(Defect::kShrinkLeavesRows, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 200, 1)));
    compact_all();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 200, 2)));
    EXPECT_TRUE(is_ok(actor.commit({{1, page(1, 3)}}, 10)));
    compact_all();
    TestSession next = started(1, {2, 2});
    return dirty_structure();
  });
}

TEST_F(Planted, ReplayedStartFencesTheRunningActor) {
  expect_only_with(Defect::kReplayedStartTakesOver, [&] {
    TestSession actor = started();
    TestSession replay = actor;
    EXPECT_TRUE(is_ok(replay.take_over()));
    return !is_ok(actor.commit_range(1, 1, 1));
  });
}

TEST_F(Planted, AmbiguousCommitFencesItself) {
  expect_only_with(Defect::kAmbiguousCommitForgotten, [&] {
    TestSession actor = started();
    database.next_fates = {Fate::kUnknownLands};
    const bool fenced = !is_ok(actor.commit_range(1, 1, 1));
    EXPECT_EQ(stored_head().head_txid, 1u);
    return fenced;
  });
}

TEST_F(Planted, CompactionDeletesTheChunksOfAnOpenStage) {
  expect_only_with(Defect::kCompactionDeletesOpenStage, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    const CommitId id = actor.next_id();
    EXPECT_TRUE(is_ok(actor.stage_begin(id)));
    EXPECT_TRUE(is_ok(actor.stage(id, 0, {{1, page(1, 2)}}, 3)));
    EXPECT_TRUE(engine().compact(1));
    EXPECT_TRUE(is_ok(actor.finalize(id, 3)));
    return !reads_as(actor, 1, page(1, 2));
  });
}

TEST_F(Planted, ColdIndexLoadPutsOlderRowsOverNewerOnes) {
  expect_only_with(Defect::kColdIndexLoadOverwrites, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    bool raced = false;
    // A commit lands while the rows that a compaction reads are on their way.
    database.read_failure = [&]() -> std::optional<StoreCode> {
      if (raced || runtime.passed.empty() || runtime.passed.back() != Site::kCompactBeforeSnapshot)
        return {};
      raced = true;
      EXPECT_TRUE(is_ok(actor.commit_range(2, 2, 2)));
      return {};
    };
    at(Site::kCompactAfterSnapshot, [&] { EXPECT_TRUE(is_ok(actor.commit_range(3, 3, 3))); });
    EXPECT_TRUE(raced || engine().compact(1));
    database.read_failure = nullptr;
    return !reads_as(actor, 2, page(2, 2));
  });
}

}  // namespace
}  // namespace squall::test_support
