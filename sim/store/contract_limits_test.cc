// Limits, errors, the life of a transaction object.
#include "sim/store/store_contract.h"

namespace squall {
namespace {

TEST_P(StoreContract, KeyAndValueLimitsFailAtTheCall) {
  auto transaction = begin();
  const std::string key(kMaxKeyBytes, 'k'), long_key(kMaxKeyBytes + 1, 'k');
  const std::string value(kMaxValueBytes, 'v'), long_value(kMaxValueBytes + 1, 'v');
  EXPECT_EQ(set(transaction, key, value), kOk);
  EXPECT_EQ(set(transaction, long_key, "v"), 2102);
  EXPECT_EQ(set(transaction, "k", long_value), 2103);
  EXPECT_EQ(code_of(transaction->clear(long_key)), 2102);
  EXPECT_EQ(code_of(transaction->atomic_op(AtomicOp::kAdd, long_key, "v")), 2102);
  EXPECT_EQ(code_of(transaction->atomic_op(AtomicOp::kAdd, "k", long_value)), 2103);
  EXPECT_EQ(code_of(transaction->clear_range(key, long_key)), kOk);
  EXPECT_EQ(get(transaction, long_key), "<none>");
  EXPECT_EQ(set(transaction, key, value), kOk);
  EXPECT_EQ(commit(transaction), kOk);
  EXPECT_EQ(stored(key), value);
}

TEST_P(StoreContract, TransactionLimitFailsAtCommit) {
  const std::string value(kMaxValueBytes, 'v');
  const auto write = [&](int values) {
    auto transaction = begin();
    for (int i = 0; i < values; ++i) {
      EXPECT_EQ(set(transaction, "k" + std::to_string(i), value), kOk);
    }
    return commit(transaction);
  };
  EXPECT_EQ(write(99), kOk);
  EXPECT_EQ(write(100), 2101);  // 10,000,000 bytes of values, and what lies around them
  EXPECT_EQ(stored("k99"), "<none>");
}

TEST_P(StoreContract, OverwrittenValuesDoNotCountAgainstTheLimit) {
  const std::string value(kMaxValueBytes, 'v');
  auto transaction = begin();
  for (int i = 0; i < 120; ++i) set(transaction, "k", value);
  EXPECT_EQ(commit(transaction), kOk);
}

TEST_P(StoreContract, ConflictRangesCountAgainstTheLimit) {
  const std::string key(9'000, 'k');
  auto transaction = begin();
  set(transaction, "k", "v");
  for (int i = 0; i < 600; ++i) {
    const std::string begin_key = key + std::to_string(1000 + i);
    ASSERT_TRUE(transaction->add_read_conflict_range(begin_key, begin_key + "x"));
  }
  EXPECT_EQ(commit(transaction), 2101);
}

TEST_P(StoreContract, KeysBeyondTheKeyspaceAreRefused) {
  auto transaction = begin();
  EXPECT_EQ(set(transaction, "\xff", "v"), 2000);
  EXPECT_EQ(get(transaction, "\xff/x"), "2000");
  EXPECT_EQ(code_of(transaction->clear_range("b", "a")), 2000);
  EXPECT_EQ(code_of(transaction->clear_range("b", "\xff")), kOk);
}

TEST_P(StoreContract, ReadsOlderThanFiveSecondsFail) {
  put("a", "1");
  auto transaction = begin();
  EXPECT_EQ(get(transaction, "a"), "1");
  pass_us(4'900'000);
  EXPECT_EQ(get(transaction, "a"), "1");
  pass_us(200'000);
  EXPECT_EQ(get(transaction, "a"), "1007");
  EXPECT_EQ(range(transaction, "a", "z"), Strings{"1007"});
}

TEST_P(StoreContract, CommitOlderThanFiveSecondsFailsOnlyIfItRead) {
  auto reader = begin();
  get(reader, "a");
  set(reader, "b", "1");
  auto snapshot = begin();
  get(snapshot, "a", kSnapshot);
  set(snapshot, "c", "1");
  pass_us(5'100'000);
  EXPECT_EQ(commit(reader), 1007);
  EXPECT_EQ(commit(snapshot), kOk);
  EXPECT_EQ(stored("b"), "<none>");
}

TEST_P(StoreContract, NothingWorksAfterCommitHasStarted) {
  for (const bool writes : {false, true}) {
    auto transaction = begin();
    if (writes) set(transaction, "a", "1");
    ASSERT_EQ(commit(transaction), kOk);
    EXPECT_EQ(get(transaction, "a"), "2017");
    EXPECT_EQ(range(transaction, "a", "b"), Strings{"2017"});
    EXPECT_EQ(range(transaction, "a", "b", {.limit = 0}), Strings{"2017"});
    EXPECT_EQ(set(transaction, "a", "1"), 2017);
    EXPECT_EQ(code_of(transaction->clear("a")), 2017);
    EXPECT_EQ(code_of(transaction->add_read_conflict_range("a", "b")), 2017);
    EXPECT_EQ(commit(transaction), 2017);
    transaction->reset();
    EXPECT_EQ(set(transaction, "a", "2"), kOk);
    EXPECT_EQ(commit(transaction), kOk);
  }
}

TEST_P(StoreContract, CancelledTransactionSaysSoUntilReset) {
  auto transaction = begin();
  set(transaction, "a", "1");
  transaction->cancel();
  EXPECT_EQ(get(transaction, "a"), "1025");
  EXPECT_EQ(set(transaction, "a", "2"), 1025);
  EXPECT_EQ(commit(transaction), 1025);
  EXPECT_EQ(code_of(transaction->on_error({StoreCode::kNotCommitted})), 1025);
  transaction->reset();
  EXPECT_EQ(get(transaction, "a"), "<none>");
}

TEST_P(StoreContract, ResetForgetsWritesConflictsAndVersion) {
  auto transaction = begin();
  get(transaction, "a");
  set(transaction, "b", "1");
  put("a", "1");
  transaction->reset();
  EXPECT_EQ(get(transaction, "a"), "1");
  set(transaction, "c", "1");
  EXPECT_EQ(commit(transaction), kOk);
  EXPECT_EQ(stored("b"), "<none>");
}

TEST_P(StoreContract, OnErrorGivesBackWhatAnotherTryCannotHelp) {
  auto transaction = begin();
  for (const StoreCode code : {StoreCode::kTransactionTimedOut, StoreCode::kAccessedUnreadable,
                               StoreCode::kTransactionTooLarge, StoreCode::kUsedDuringCommit}) {
    EXPECT_EQ(code_of(transaction->on_error({code})), static_cast<int>(code));
  }
  for (const StoreCode code :
       {StoreCode::kNotCommitted, StoreCode::kTransactionTooOld, StoreCode::kFutureVersion,
        StoreCode::kProcessBehind, StoreCode::kCommitUnknownResult,
        StoreCode::kClusterVersionChanged, StoreCode::kTagThrottled}) {
    EXPECT_EQ(code_of(transaction->on_error({code})), kOk);
  }
}

TEST_P(StoreContract, TimeoutEndsWaits) {
  auto transaction = begin();
  ASSERT_TRUE(transaction->set_timeout_us(1'000'000));
  EXPECT_EQ(get(transaction, "a"), "<none>");
  pass_us(1'000'000);
  EXPECT_EQ(get(transaction, "a"), "1031");
  EXPECT_EQ(commit(transaction), 1031);
  transaction->reset();
  EXPECT_EQ(get(transaction, "a"), "<none>");
}

TEST_P(StoreContract, VersionstampBelongsToACommittedWriter) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  auto transaction = begin();
  EXPECT_EQ(code_of(transaction->get_versionstamp()), 2000);
  ASSERT_EQ(commit(transaction), kOk);
  EXPECT_EQ(code_of(transaction->get_versionstamp()), 2000);
}

TEST_P(StoreContract, HandlesMayOutliveEachOtherInAnyOrder) {
  for (int round = 0; round < 3; ++round) {
    auto first = begin();
    auto second = begin();
    set(first, "a", "1");
    second = begin();
    EXPECT_EQ(get(second, "a"), round == 0 ? "<none>" : "1");
    EXPECT_EQ(commit(first), kOk);
  }
}

}  // namespace
}  // namespace squall
