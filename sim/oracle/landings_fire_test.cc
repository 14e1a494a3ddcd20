// What lands in the store and should not: each invariant over landings fires.
#include "engine/planted.h"
#include "engine/structure.h"
#include "sim/oracle/generation_monotonic.h"
#include "sim/oracle/growth_explicit.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/store_history.h"
#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

class LandingsFire : public OracleTableTest {};

TEST_F(LandingsFire, NothingOnAHealthyDatabase) { expect_holds(); }

TEST_F(LandingsFire, AHeadThatGoesBack) {
  tamper({}, [](Head& head) {
    --head.head_txid;
    --head.next_txid;
  });
  expect_violation("head-monotonic@went-back");
}

TEST_F(LandingsFire, AHeadThatJumps) {
  tamper({}, [](Head& head) {
    head.head_txid += 2;
    head.next_txid += 2;
  });
  expect_violation("head-monotonic@jumped");
}

TEST_F(LandingsFire, AMaterializedTxidThatGoesBack) {
  compact();
  tamper({}, [](Head& head) { --head.materialized_txid; });
  expect_violation("head-monotonic@went-back");
}

TEST_F(LandingsFire, ASizeThatChangesWithoutACommit) {
  tamper({}, [](Head& head) { ++head.size_pages; });
  expect_violation("head-monotonic@changed-in-place");
}

TEST_F(LandingsFire, AShrinkThatNeverWas) {
  tamper({}, [](Head& head) { head.last_shrink_txid = head.head_txid; });
  expect_violation("head-monotonic@changed-along");
}

TEST_F(LandingsFire, AMaterializedTxidThatRisesWithoutACompaction) {
  tamper({}, [](Head& head) { ++head.materialized_txid; });
  expect_violation("head-monotonic@changed-along");
}

TEST_F(LandingsFire, AHeadRecordThatCannotBeRead) {
  auto transaction = store.begin();
  ASSERT_TRUE(transaction->set(head_key(1), SharedBytes("nonsense")));
  ASSERT_TRUE(transaction->commit());
  expect_violation("head-monotonic@unreadable");
}

TEST_F(LandingsFire, AnActorThatIsCreatedAtAnotherTime) {
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  const int64_t wall_us = 1'700'000'000'000'000;
  Head head;
  head.creation_ts_ms = wall_us / 1000 + 3'600'000;
  EXPECT_TRUE(check_creation_time(judge, 1, head, wall_us));
  head.creation_ts_ms = wall_us;
  EXPECT_FALSE(check_creation_time(judge, 1, head, wall_us));
  expect_violation("generation-monotonic@created");
}

TEST_F(LandingsFire, ANewOwnerUnderTheOldGeneration) {
  oracle->expect_session(1, {9, 9});
  tamper({}, [](Head& head) { head.owner = {9, 9}; });
  expect_violation("generation-monotonic@takeover");
}

TEST_F(LandingsFire, AnOlderStartThatTakesOver) {
  tamper({}, [](Head& head) {
    --head.owner.start_sequence;
    ++head.generation;
  });
  expect_violation("generation-monotonic@older-start");
}

TEST_F(LandingsFire, AGenerationThatGoesBack) {
  start();
  tamper({}, [](Head& head) { --head.generation; });
  expect_violation("generation-monotonic@went-back");
}

TEST_F(LandingsFire, AnOwnerThatNobodyStarted) {
  tamper({}, [](Head& head) {
    head.owner = {9, 9};
    ++head.generation;
  });
  expect_violation("no-zombie-commit@takeover");
}

TEST_F(LandingsFire, ACommitOfAnotherSession) {
  tamper({}, [](Head& head) {
    ++head.head_txid;
    ++head.next_txid;
    head.last_commit = {77, 1};
  });
  expect_violation("no-zombie-commit@landing");
}

TEST_F(LandingsFire, ACommitThatLandsAgain) {
  tamper({}, [](Head& head) {
    ++head.head_txid;
    ++head.next_txid;
  });
  expect_violation("no-zombie-commit@landed-twice");
}

TEST_F(LandingsFire, ACommitThatSqliteNeverAskedFor) {
  tamper({}, [](Head& head) {
    ++head.head_txid;
    ++head.next_txid;
    ++head.last_commit.sequence;
  });
  expect_violation("error-old-or-new@unasked");
}

TEST_F(LandingsFire, AnOwnerThatIsMovedToAnotherGeneration) {
  tamper({}, [](Head& head) { ++head.generation; });
  expect_violation("legal-fences-only@replayed-takeover");
}

TEST_F(LandingsFire, AUsageThatIsOffByOne) {
  tamper({}, [](Head& head) { ++head.storage_used; });
  expect_violation("usage-exact@head");
}

TEST_F(LandingsFire, AUsageThatMissesARow) {
  auto transaction = store.begin();
  ASSERT_TRUE(transaction->set(shard_key(1, 7), SharedBytes("x")));
  ASSERT_TRUE(transaction->commit());
  expect_violation("usage-exact@head");
}

TEST_F(LandingsFire, AShrinkThatLeavesRows) {
  set_planted(Defect::kShrinkLeavesRows, true);
  run("DELETE FROM t");
  run("VACUUM");
  expect_violation("shrink-clean@landing");
}

TEST_F(LandingsFire, ACompactionThatForgetsAPage) {
  tamper({{index_key(1, 2), std::nullopt}}, [](Head& head) { ++head.compaction_epoch; });
  expect_violation("compaction-preserves@page-lost");
}

TEST_F(LandingsFire, ACompactionThatWritesAnOlderPage) {
  compact();
  const Key old_key = shard_key(1, 0);
  const SharedBytes old_shard = *store.peek(old_key);
  ASSERT_EQ(run("UPDATE t SET v = ?1", {blob(9000, 2)}), Session::Outcome::kDone);
  compact();
  tamper({{old_key, old_shard}}, [](Head& head) { ++head.compaction_epoch; });
  expect_violation("compaction-preserves@page-changed");
}

TEST_F(LandingsFire, ACompactionThatDeletesALiveDelta) {
  tamper({{delta_key(1, {2, 0}), std::nullopt}}, [](Head& head) { ++head.compaction_epoch; });
  expect_violation("compaction-preserves@delta");
}

TEST_F(LandingsFire, ACompactionThatFillsAShardWithForeignPages) {
  compact();
  tamper({{shard_key(1, 1), *store.peek(shard_key(1, 0))}},
         [](Head& head) { ++head.compaction_epoch; });
  expect_violation("shard-placement@compaction");
}

class StagedLandingsFire : public LandingsFire {
 protected:
  Knobs knobs() override {
    Knobs knobs;
    knobs.max_delta_bytes = 16 << 10;
    knobs.stage_chunk_bytes = 8 << 10;
    return knobs;
  }
};

TEST_F(StagedLandingsFire, AFinalizeThatWritesNoIndex) {
  set_planted(Defect::kFinalizeWritesNoIndex, true);
  run("INSERT INTO t(v) VALUES (?1)", {blob(50'000)});
  expect_violation("index-backed@landing");
}

TEST_F(StagedLandingsFire, AFinalizeWhoseChunkIsGone) {
  transport->on_call = [this](Request& request) -> std::optional<CallResult> {
    if (!std::holds_alternative<FinalizeRequest>(request.body)) return std::nullopt;
    transport->on_call = nullptr;
    const uint64_t txid = stored_head().head_txid + 1;
    tamper({{delta_key(1, {txid, 0}), std::nullopt}}, nullptr);
    return std::nullopt;
  };
  run("INSERT INTO t(v) VALUES (?1)", {blob(50'000)});
  expect_violation("index-backed@landed-without-delta");
}

// --- judged on their own ---

struct Verdicts {
  std::vector<Violation> violations;
  Judge judge{[this](const Violation& violation) { violations.push_back(violation); }};
};

TEST(GrowthExplicit, FiresOnAMissingNewPage) {
  Verdicts verdicts;
  const std::vector<PendingPage> pages{{1, 1, {}}, {3, 1, {}}, {5, 1, {}}};
  EXPECT_TRUE(check_growth(verdicts.judge, 1, 7, pages, 2, 3));
  EXPECT_FALSE(check_growth(verdicts.judge, 1, 7, pages, 2, 5));
  ASSERT_EQ(verdicts.violations.size(), 1u);
  EXPECT_EQ(verdicts.violations[0].signature(), "growth-explicit@landing");
  EXPECT_NE(verdicts.violations[0].message.find("without page 4"), std::string::npos);
}

AppliedCommit applied(int64_t read_version, int64_t version, std::span<const StoreKeyRange> reads,
                      std::span<const StoreKeyRange> writes,
                      std::span<const StoreMutation> mutations, std::span<const StoreRow> rows) {
  AppliedCommit commit{};
  commit.version = version;
  commit.read_version = read_version;
  commit.read_ranges = reads;
  commit.write_ranges = writes;
  commit.mutations = mutations;
  commit.rows = rows;
  return commit;
}

TEST(StoreHistory, FiresOnAReadThatWasOverwritten) {
  Verdicts verdicts;
  StoreHistory history(verdicts.judge);
  const SharedBytes value("v");
  const StoreMutation set{.key = StoreKey("k"), .operand = value};
  const StoreRow row{StoreKey("k"), std::nullopt, value};
  const StoreKeyRange key{StoreKey("k"), StoreKey::after("k")};
  history.on_applied(applied(1, 10, {}, {&key, 1}, {&set, 1}, {&row, 1}));
  const StoreRow again{StoreKey("k"), value, value};
  history.on_applied(applied(5, 20, {&key, 1}, {&key, 1}, {&set, 1}, {&again, 1}));
  ASSERT_EQ(verdicts.violations.size(), 1u);
  EXPECT_EQ(verdicts.violations[0].signature(), "store-serializable@landing");
}

TEST(StoreHistory, FiresOnAValueThatChangedOnTheWay) {
  Verdicts verdicts;
  StoreHistory history(verdicts.judge);
  const StoreMutation set{.key = StoreKey("k"), .operand = SharedBytes("handed over")};
  const StoreRow row{StoreKey("k"), std::nullopt, SharedBytes("handed")};
  const StoreKeyRange key{StoreKey("k"), StoreKey::after("k")};
  history.on_applied(applied(1, 10, {}, {&key, 1}, {&set, 1}, {&row, 1}));
  ASSERT_EQ(verdicts.violations.size(), 1u);
  EXPECT_EQ(verdicts.violations[0].signature(), "store-values-verbatim@landing");
}

}  // namespace
}  // namespace squall::sim::test_support
