// Planted defects of owners, starts and fences, each under its trigger.
#include "engine/testing/planted_fixture.h"

namespace squall::test_support {
namespace {

TEST_F(Planted, ErrorClosesTheConnection) {
  expect_only_with(Defect::kErrorClosesConnection, [&] {
    TestSession actor = started();
    started(1, {2, 2});
    const Reply fenced = actor.commit_range(1, 1, 1);
    EXPECT_FALSE(is_ok(fenced));
    return Engine::ends_connection(fenced);
  });
}

TEST_F(Planted, TakeoverThatMeetsACommitFails) {
  expect_only_with(Defect::kTakeoverLosesRace, [&] {
    TestSession actor = started();
    TestSession next = session(1, {2, 2});
    at(Site::kTakeoverBeforeStoreCommit, [&] { EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 1))); });
    return !is_ok(next.take_over());
  });
}

TEST_F(Planted, StartThatFailedKeepsTheNextOneOut) {
  expect_only_with(Defect::kFailedStartStaysOpen, [&] {
    TestSession first = session(1, {1, 1});
    database.read_failure = [] { return StoreCode::kClientInvalidOperation; };
    EXPECT_FALSE(is_ok(first.take_over()));
    database.read_failure = nullptr;
    TestSession next = session(1, {2, 2});
    return !is_ok(next.take_over());
  });
}

TEST_F(Planted, OlderStartThatFailsClosesTheOwnersActor) {
  expect_only_with(Defect::kFailedStartStaysOpen, [&] {
    TestSession owner = started(1, {2, 2});
    TestSession old = session(1, {1, 1});
    EXPECT_EQ(code_of(old.take_over()), ErrorCode::kSuperseded);
    return !is_ok(owner.commit_range(1, 1, 1));
  });
}

TEST_F(Planted, OlderStartComesBack) {
  expect_only_with(Defect::kOldStartResurrects, [&] {
    started(1, {2, 2});
    TestSession old = session(1, {1, 1});
    return is_ok(old.take_over());
  });
}

TEST_F(Planted, CommitThatPassedTheFenceLandsUnderTheNextOwner) {
  expect_only_with(Defect::kLateWriteReopens, [&] {
    TestSession actor = started();
    at(Site::kCommitBeforeStoreCommit, [&] { started(1, {2, 2}); });
    return is_ok(actor.commit_range(1, 1, 1));
  });
}

TEST_F(Planted, FinalizeThatPassedTheFenceLandsUnderTheNextOwner) {
  expect_only_with(Defect::kLateWriteReopens, [&] {
    TestSession actor = started();
    const CommitId id = actor.next_id();
    EXPECT_TRUE(is_ok(actor.stage_begin(id)));
    EXPECT_TRUE(is_ok(actor.stage(id, 0, {{1, page(1, 1)}}, 1)));
    at(Site::kFinalizeBeforeStoreCommit, [&] { started(1, {2, 2}); });
    const Reply reply = actor.finalize(id, 1);
    return is_ok(reply) || code_of(reply) != ErrorCode::kFenced;
  });
}

TEST_F(Planted, OldOwnerCommitsAndReads) {
  expect_only_with(Defect::kFencesDropped, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 1)));
    started(1, {2, 2});
    const bool reads = is_ok(actor.get_pages({1}));
    const bool commits = is_ok(actor.commit_range(1, 1, 2));
    EXPECT_EQ(reads, commits);
    return commits;
  });
}

TEST_F(Planted, FirstCommitOfAnOldOwnerIsNotFenced) {
  expect_only_with(Defect::kAbsentHeadSkipsFence, [&] {
    TestSession actor = started();
    started(1, {2, 2});
    return is_ok(actor.commit_range(1, 1, 1));
  });
}

TEST_F(Planted, OldOwnerStages) {
  expect_only_with(Defect::kStageIgnoresGeneration, [&] {
    TestSession actor = started();
    started(1, {2, 2});
    return is_ok(actor.stage_begin(actor.next_id()));
  });
}

TEST_F(Planted, NextOwnersFirstCommitIsTakenForTheLastOnesFirst) {
  expect_only_with(Defect::kCommitKnownBySequence, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 1)));
    TestSession next = started(1, {2, 2});
    EXPECT_TRUE(is_ok(next.commit_range(1, 1, 2)));
    return stored_head().head_txid == 1;
  });
}

TEST_F(Planted, StartThatCannotReadFindsAnEmptyDatabase) {
  expect_only_with(Defect::kReadFaultTakenForEmpty, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 1, 1)));
    TestSession next = session(1, {2, 2});
    auto left = std::make_shared<bool>(true);
    database.read_failure = [left]() -> std::optional<StoreCode> {
      if (std::exchange(*left, false)) return StoreCode::kTransactionTooOld;
      return std::nullopt;
    };
    (void)next.take_over();
    database.read_failure = nullptr;
    return stored_head().head_txid == 0;
  });
}

}  // namespace
}  // namespace squall::test_support
