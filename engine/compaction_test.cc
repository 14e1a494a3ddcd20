#include "engine/testing/engine_fixture.h"
#include "engine/testing/structure_check.h"

namespace squall::test_support {
namespace {

class Compaction : public EngineTest {
 protected:
  void expect_clean() {
    const StructureCheck scan(database.rows(), 1);
    EXPECT_TRUE(scan.problems().empty()) << scan.problems().front();
  }
  bool converged() { return StructureCheck(database.rows(), 1).converged(); }
  // Once, when `site` is passed, `event` happens.
  void at(Site site, std::function<void()> event) {
    auto left = std::make_shared<bool>(true);
    runtime.on_checkpoint = [site, event = std::move(event), left](Site passed) -> Result<void> {
      if (passed == site && std::exchange(*left, false)) event();
      return {};
    };
  }
};

TEST_F(Compaction, FoldsFiveDeltasIntoOneShardWithTheNewestOfEachPage) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 10, 1)));
  for (uint64_t version = 2; version <= 5; ++version) {
    ASSERT_TRUE(is_ok(actor.commit_range(1, static_cast<uint32_t>(version), version)));
  }
  EXPECT_EQ(compact_all(), 1);
  EXPECT_TRUE(converged());
  EXPECT_EQ(count_rows(ParsedKey::Kind::kShardSize), 1u);
  expect_page(actor, 2, page(2, 5));
  expect_page(actor, 5, page(5, 5));
  expect_page(actor, 10, page(10, 1));
  expect_clean();
}

TEST_F(Compaction, OfNineShardsInPassesOfEightLeavesOneForTheSecond) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 9 * 64 - 1, 1)));
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kFolded);
  EXPECT_EQ(count_rows(ParsedKey::Kind::kShardSize), 8u);
  EXPECT_EQ(count_rows(ParsedKey::Kind::kDeltaSize), 1u);
  expect_clean();
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kFolded);
  EXPECT_TRUE(converged());
  expect_clean();
}

TEST_F(Compaction, OfADeltaOverThreeShardsDeletesItAfterTheThird) {
  options.shards_per_pass = 1;
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 150, 1)));
  for (const size_t deltas : {1u, 1u, 0u}) {
    EXPECT_EQ(engine().compact(1).value(), PassOutcome::kFolded);
    EXPECT_EQ(count_rows(ParsedKey::Kind::kDelta) > 0, deltas > 0);
    expect_clean();
  }
}

TEST_F(Compaction, OfAConvergedActorDoesNothing) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 10, 1)));
  compact_all();
  const auto rows = database.rows();
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kConverged);
  EXPECT_EQ(database.rows(), rows);
  EXPECT_EQ(engine().compact(99).value(), PassOutcome::kConverged);
}

TEST_F(Compaction, PausedWhileACommitLandsKeepsTheCommit) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 10, 1)));
  for (const Site site : {Site::kCompactAfterSnapshot, Site::kCompactAfterFold,
                          Site::kCompactAfterHeadRead, Site::kCompactBeforeStoreCommit}) {
    const uint64_t version = actor.head.head_txid + 1;
    ASSERT_TRUE(is_ok(actor.commit_range(3, 4, version + 100)));
    at(site, [&] { ASSERT_TRUE(is_ok(actor.commit_range(4, 5, version + 200))); });
    EXPECT_EQ(engine().compact(1).value(), PassOutcome::kFolded);
    runtime.on_checkpoint = nullptr;
    expect_page(actor, 3, page(3, version + 100));
    expect_page(actor, 4, page(4, version + 200));
    expect_clean();
  }
}

TEST_F(Compaction, PausedWhileAnotherTakesOverShrinksOrCompactsIsVoid) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 100, 1)));
  at(Site::kCompactAfterFold, [&] { actor = started(1, {2, 2}); });
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kStale);
  at(Site::kCompactAfterFold, [&] { ASSERT_TRUE(is_ok(actor.commit({{1, page(1, 2)}}, 90))); });
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kStale);
  auto other = make_engine();
  at(Site::kCompactAfterFold, [&] { EXPECT_EQ(other->compact(1).value(), PassOutcome::kFolded); });
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kStale);
  runtime.on_checkpoint = nullptr;
  expect_clean();
  expect_page(actor, 90, page(90, 1));
  expect_page(actor, 91, PageRef());
}

TEST_F(Compaction, ThatTheStoreRefusesChangesNothingAndWorksLater) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 10, 1)));
  const auto rows = database.rows();
  database.commit_fate = [] { return Fate::kRefused; };
  EXPECT_EQ(engine().compact(1).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(database.rows(), rows);
  database.commit_fate = nullptr;
  compact_all();
  EXPECT_TRUE(converged());
  expect_clean();
}

TEST_F(Compaction, WithAnUnknownOutcomeIsDoneOnce) {
  TestSession actor = started();
  for (const Fate fate : {Fate::kUnknownLands, Fate::kUnknownLost}) {
    ASSERT_TRUE(is_ok(actor.commit_range(1, 10, actor.head.head_txid + 1)));
    database.next_fates = {fate};
    compact_all();
    EXPECT_TRUE(converged());
    expect_clean();
  }
}

TEST_F(Compaction, OfALostBlobIsCorruptAndChangesNothing) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 10, 1)));
  ASSERT_TRUE(is_ok(actor.commit_range(1, 2, 2)));
  database.erase(delta_key(1, {1, 0}).view());
  const auto rows = database.rows();
  const auto outcome = engine().compact(1);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(outcome.error().message.find("delta 1 chunk 0 of actor 1"), std::string::npos)
      << outcome.error().message;
  EXPECT_EQ(database.rows(), rows);
}

TEST_F(Compaction, LeavesTheChunksOfAnOpenStageAlone) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 10, 1)));
  const CommitId id = actor.next_id();
  ASSERT_TRUE(is_ok(actor.stage_begin(id)));
  ASSERT_TRUE(is_ok(actor.stage(id, 0, {{1, page(1, 7)}}, 10)));
  compact_all();
  expect_clean();
  ASSERT_TRUE(is_ok(actor.finalize(id, 10)));
  expect_page(actor, 1, page(1, 7));
  expect_page(actor, 2, page(2, 1));
}

TEST_F(Compaction, TrimsTheBoundaryShardAfterAShrink) {
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 100, 1)));
  compact_all();
  ASSERT_TRUE(is_ok(actor.commit({{1, page(1, 2)}}, 70)));
  EXPECT_FALSE(converged());
  compact_all();
  EXPECT_TRUE(converged());
  expect_clean();
}

TEST_F(Compaction, LeavesABoundaryShardWhoseNewerPagesItDoesNotFold) {
  options.pass_input_bytes = 1;
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 100, 1)));
  compact_all();
  ASSERT_TRUE(is_ok(actor.commit({{2, page(2, 2)}}, 100)));
  ASSERT_TRUE(is_ok(actor.commit({{70, page(70, 3)}}, 100)));
  ASSERT_TRUE(is_ok(actor.commit({{1, page(1, 4)}}, 90)));
  const std::string boundary(shard_key(1, 1).view());
  const auto before = database.rows().at(boundary);
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kFolded);
  EXPECT_EQ(database.rows().at(boundary), before);
  EXPECT_EQ(engine().compact(1).value(), PassOutcome::kFolded);
  EXPECT_NE(database.rows().at(boundary), before);
  EXPECT_TRUE(converged());
  expect_page(actor, 70, page(70, 3));
  expect_clean();
}

TEST_F(Compaction, WakesAtTheThresholdOfDeltasAndEndsWhenTheActorIsIdle) {
  engine().start();
  TestSession actor = started();
  for (uint64_t version = 1; version < 64; ++version) {
    ASSERT_TRUE(is_ok(actor.commit_range(1, 3, version)));
    runtime.run_for(0);
    engine().start();
  }
  EXPECT_EQ(engine().statistics().compaction_passes, 0u);
  ASSERT_TRUE(is_ok(actor.commit_range(1, 3, 64)));
  runtime.run_for(1000);
  EXPECT_EQ(engine().statistics().compaction_passes, 1u);
  ASSERT_TRUE(is_ok(actor.commit_range(1, 3, 65)));
  engine().start();
  runtime.run_for(20'000'000);
  EXPECT_TRUE(converged());
  expect_page(actor, 3, page(3, 65));
}

TEST_F(Compaction, RunsOneWorkerAnActorAndMissesNoCommitOfItsPass) {
  options.compaction_deltas = 4;
  engine().start();
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
  uint64_t version = 1;
  int nested = 0;
  runtime.on_checkpoint = [&](Site site) -> Result<void> {
    if (site != Site::kCompactAfterStoreCommit || nested++ > 0) return {};
    for (int i = 0; i < 6; ++i) EXPECT_TRUE(is_ok(actor.commit_range(1, 3, ++version)));
    return {};
  };
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(is_ok(actor.commit_range(1, 3, ++version)));
  runtime.run_for(1000);
  EXPECT_EQ(engine().statistics().compaction_passes, 2u);
  EXPECT_TRUE(converged());
  EXPECT_EQ(std::count_if(runtime.ran.begin(), runtime.ran.end(),
                          [](const TaskLabel& label) {
                            return std::string_view(label.name) == "compaction";
                          }),
            1);
  expect_page(actor, 3, page(3, version));
}

TEST_F(Compaction, OfAHotActorTakesItsTurnAfterSomeLostRaces) {
  options.compaction_deltas = 4;
  options.retry.max_attempts = 2;
  engine().start();
  TestSession actor = started();
  uint64_t version = 0;
  bool inside = false;
  runtime.on_checkpoint = [&](Site site) -> Result<void> {
    if (site != Site::kCompactBeforeStoreCommit || std::exchange(inside, true)) return {};
    // Under the latch this commit would wait: here its patience ends at once, since time only moves
    // in waits.
    if (engine().statistics().latches == 0) {
      EXPECT_TRUE(is_ok(actor.commit_range(1, 3, ++version)));
    }
    inside = false;
    return {};
  };
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(is_ok(actor.commit_range(1, 3, ++version)));
  runtime.run_for(1'000'000);
  EXPECT_EQ(engine().statistics().latches, 1u);
  EXPECT_TRUE(converged());
  expect_page(actor, 3, page(3, version));
}

TEST_F(Compaction, IsWaitedForByCommitsAboveTheHardThreshold) {
  options.compaction_hard_bytes = 20'000;
  engine().start();
  TestSession actor = started();
  ASSERT_TRUE(is_ok(actor.commit_range(1, 30, 1)));
  EXPECT_EQ(engine().statistics().compaction_passes, 0u);
  ASSERT_TRUE(is_ok(actor.commit_range(1, 3, 2)));
  EXPECT_EQ(engine().statistics().compaction_passes, 1u);
  expect_clean();
}

}  // namespace
}  // namespace squall::test_support
