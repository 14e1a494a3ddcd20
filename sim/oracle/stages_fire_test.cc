// Stages, takeovers, compactions and the form of transactions: each invariant over them fires.
#include "engine/rows.h"
#include "engine/structure.h"
#include "sim/oracle/bounded_memory.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/materialized_sound.h"
#include "sim/oracle/staged_atomic.h"
#include "sim/oracle/testing/oracle_fixture.h"
#include "sim/oracle/transaction_limits.h"

namespace squall::sim::test_support {
namespace {

class StagesFire : public OracleTableTest {
 protected:
  Knobs knobs() override {
    Knobs knobs;
    knobs.inline_value_bytes = 60'000;
    return knobs;
  }
  using Rows = std::vector<std::pair<Key, std::optional<SharedBytes>>>;
  // A stage that opens above the head, and rows that come with it.
  void open_stage(uint64_t session_nonce, uint64_t stored_bytes = 0, Rows rows = {}) {
    const Head head = stored_head();
    const StageRow stage{{session_nonce, 99}, head.head_txid + 1, head.generation, stored_bytes};
    rows.emplace_back(stage_key(1), encode_stage_row(1, stage_key(1), stage));
    tamper(std::move(rows), [](Head& changed) { changed.next_txid = changed.head_txid + 2; });
  }
  void take_over_leaving(Rows rows, uint64_t next_txid_past_head = 1) {
    oracle->expect_session(1, {9, 9});
    tamper(std::move(rows), [&](Head& head) {
      head.owner = {9, 9};
      ++head.generation;
      head.next_txid = head.head_txid + next_txid_past_head;
    });
  }
  SharedBytes index_value(uint32_t pgno, IndexRow row) {
    return encode_index_row(1, index_key(1, pgno), row);
  }
};

TEST_F(StagesFire, NotOnAStageOfTheOwner) {
  open_stage(owner().nonce);
  EXPECT_TRUE(violations.empty());
  EXPECT_GT(count(Invariant::kFenceExclusive), 0u);
  EXPECT_GT(count(Invariant::kStagedAtomic), 0u);
}

TEST_F(StagesFire, OnAStageOfAnotherSession) {
  open_stage(77);
  expect_violation("fence-exclusive@stage");
}

TEST_F(StagesFire, OnAStageThatTouchesTheIndex) {
  open_stage(owner().nonce, 0, {{index_key(1, 2), index_value(2, {3, 0, 0})}});
  expect_violation("staged-atomic@stage");
}

TEST_F(StagesFire, OnAStageBeyondItsBound) {
  open_stage(owner().nonce, uint64_t{1} << 30);
  expect_violation("bounded-memory@stage");
}

TEST_F(StagesFire, OnACommitThatLeavesAStageOpen) {
  open_stage(owner().nonce);
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  EXPECT_FALSE(check_stage_over(judge, store, 1, stored_head()));
  expect_violation("staged-atomic@finalize");
}

TEST_F(StagesFire, OnAStageThatNobodyWillFinish) {
  compact();
  open_stage(owner().nonce);
  oracle->check_converged(-1);
  expect_violation("bounded-memory@stage-left");
}

TEST_F(StagesFire, OnATakeoverThatLeavesAStage) {
  open_stage(owner().nonce);
  take_over_leaving({}, 2);
  expect_violation("takeover-cleans@takeover");
}

TEST_F(StagesFire, OnATakeoverThatLeavesADeltaAboveTheHead) {
  take_over_leaving({{delta_key(1, {stored_head().head_txid + 1, 0}), SharedBytes("x")}});
  expect_violation("takeover-cleans@takeover");
}

TEST_F(StagesFire, OnATakeoverThatLeavesAnIndexRowPastTheEnd) {
  take_over_leaving({{index_key(1, 900), index_value(900, {1, 0, 0})}});
  expect_violation("takeover-cleans@takeover");
}

TEST_F(StagesFire, OnATakeoverThatLeavesAnIndexRowOfNoCommit) {
  take_over_leaving({{index_key(1, 2), index_value(2, {stored_head().head_txid + 1, 0, 0})}});
  expect_violation("takeover-cleans@takeover");
}

TEST_F(StagesFire, OnADeltaThatIsSaidToBeFolded) {
  tamper({}, [](Head& head) {
    ++head.compaction_epoch;
    head.materialized_txid = head.head_txid;
  });
  expect_violation("materialized-sound@compaction");
}

TEST_F(StagesFire, OnAShardThatClaimsTooMuch) {
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  EXPECT_TRUE(check_coverage(judge, 1, 0, 6, 5, {7, 0, 0}));
  EXPECT_FALSE(check_coverage(judge, 1, 0, 7, 5, {7, 0, 0}));
  expect_violation("materialized-sound@shard");
}

TEST_F(StagesFire, OnAPageThatACompactionLeavesPastTheEnd) {
  compact();
  const Key key = shard_size_key(1, 0);
  auto size = decode_size_row(1, key, *store.peek(key));
  ASSERT_TRUE(size);
  size->last_pgno = stored_head().size_pages + 1;
  tamper({{key, encode_size_row(1, key, *size)}}, [](Head& head) { ++head.compaction_epoch; });
  expect_violation("compaction-converges@boundary");
}

// A compaction that cleared the index rows of pages 1 and 70, in two deltas of 60 bytes.
TEST_F(StagesFire, OnAPassThatReadsMoreThanItMay) {
  ScriptedPacer own_pacer;
  SimulatedStore own_store(own_pacer);
  std::vector<StoreRow> rows;
  auto transaction = own_store.begin();
  for (const auto& [pgno, txid] : {std::pair<uint32_t, uint64_t>{1, 5}, {70, 6}}) {
    const Key index = index_key(1, pgno);
    rows.push_back({StoreKey(index), encode_index_row(1, index, {txid, 0, 0}), std::nullopt});
    const Key size = delta_size_key(1, {txid, 0});
    ASSERT_TRUE(transaction->set(size, encode_size_row(1, size, {pgno, 0, 60})));
  }
  ASSERT_TRUE(transaction->commit());
  for (const uint32_t shard : {0, 1})
    rows.push_back({StoreKey(shard_key(1, shard)), std::nullopt, SharedBytes("a shard")});
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  Knobs bounds;
  const TransactionLimits limits(judge, bounds);
  bounds.pass_input_bytes = 120;
  EXPECT_TRUE(limits.check_pass(own_store, 1, rows));
  bounds.pass_input_bytes = 119;
  EXPECT_FALSE(limits.check_pass(own_store, 1, rows));
  expect_violation("transaction-limits@pass-input");
}

TEST_F(StagesFire, OnAnActorThatStaysUnfolded) {
  oracle->check_converged(-1);
  expect_violation("compaction-converges@final");
}

TEST_F(StagesFire, NotOnAnActorThatIsFolded) {
  compact();
  const uint64_t judged = count(Invariant::kCompactionConverges);
  oracle->check_converged(-1);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(count(Invariant::kCompactionConverges), judged + 1);
}

TEST_F(StagesFire, OnATransactionAboutTwoActors) {
  auto transaction = store.begin();
  ASSERT_TRUE(transaction->set(shard_key(1, 7), SharedBytes("x")));
  ASSERT_TRUE(transaction->set(shard_key(2, 7), SharedBytes("x")));
  ASSERT_TRUE(transaction->commit());
  expect_violation("actor-isolation@transaction");
}

// --- transaction-limits ---

TEST_F(StagesFire, OnAValueAboveTheKnobs) {
  auto transaction = store.begin();
  ASSERT_TRUE(transaction->set(shard_key(1, 7), SharedBytes(std::string(60'001, 'x'))));
  ASSERT_TRUE(transaction->commit());
  expect_violation("transaction-limits@value");
}

TEST_F(StagesFire, OnAPieceAboveTheKnobs) {
  auto transaction = store.begin();
  ASSERT_TRUE(
      transaction->set(piece_key(shard_key(1, 7), 0), SharedBytes(std::string(10'001, 'x'))));
  ASSERT_TRUE(transaction->commit());
  expect_violation("transaction-limits@value");
}

TEST_F(StagesFire, OnAValueThatTheStoreRefuses) {
  auto transaction = store.begin();
  EXPECT_FALSE(transaction->set("k", SharedBytes(std::string(100'001, 'x'))));
  expect_violation("transaction-limits@refused");
}

TEST_F(StagesFire, OnATransactionThatTheStoreRefuses) {
  auto transaction = store.begin();
  const SharedBytes value(std::string(100'000, 'x'));
  for (int i = 0; i < 101; ++i)
    ASSERT_TRUE(transaction->set(std::string("k") + std::to_string(i), value));
  EXPECT_FALSE(transaction->commit());
  expect_violation("transaction-limits@refused");
}

TEST_F(StagesFire, OnATransactionAboveTheLimitThatLands) {
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  const SharedBytes value(std::string(100'000, 'x'));
  const std::vector<StoreMutation> mutations(101,
                                             StoreMutation{.key = StoreKey("k"), .operand = value});
  AppliedCommit commit{};
  commit.mutations = mutations;
  EXPECT_FALSE(TransactionLimits(judge, plan.knobs).check(commit));
  expect_violation("transaction-limits@transaction");
}

TEST_F(StagesFire, OnAPlainCommitAboveTheLargestDelta) {
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  const TransactionLimits limits(judge, plan.knobs);
  EXPECT_TRUE(limits.check_plain(1, 3, 2048));
  EXPECT_FALSE(limits.check_plain(1, 3, 2049));
  expect_violation("transaction-limits@plain-commit");
}

TEST_F(StagesFire, OnAFinalizeThatCarriesData) {
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  const StoreRow index{StoreKey(index_key(1, 1).view()), std::nullopt, SharedBytes("x")};
  const StoreRow delta{StoreKey(delta_key(1, {3, 0}).view()), std::nullopt, SharedBytes("x")};
  const TransactionLimits limits(judge, plan.knobs);
  EXPECT_TRUE(limits.check_finalize(1, 3, {&index, 1}));
  EXPECT_FALSE(limits.check_finalize(1, 3, {&delta, 1}));
  expect_violation("transaction-limits@finalize");
}

}  // namespace
}  // namespace squall::sim::test_support
