// What the world can do to a commit: every fate, late landing, dying clients, batches; and the
// store's own time.
#include <gtest/gtest.h>

#include "sim/store/scripted_pacer.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {
namespace {

struct ClientDied {};  // like the world's: derives from nothing

class SimulatedCommit : public testing::Test {
 protected:
  static int code_of(const StoreResult<int64_t>& result) {
    return result ? 0 : static_cast<int>(result.error().code);
  }
  TransactionHandle writer(std::string_view key, std::string_view value) {
    TransactionHandle transaction = store_.begin();
    EXPECT_TRUE(transaction->set(key, SharedBytes(value)));
    return transaction;
  }
  std::string peek(std::string_view key) const {
    const StoreValue value = store_.peek(key);
    return value ? std::string(value->view()) : "<none>";
  }
  void next_commit(CommitOutcome outcome, int64_t land_after_us, int64_t reply_after_us) {
    pacer_.commits.push_back(
        {.outcome = outcome, .land_after_us = land_after_us, .reply_after_us = reply_after_us});
  }

  ScriptedPacer pacer_;
  SimulatedStore store_{pacer_};
  int values_ = 0;
};

TEST_F(SimulatedCommit, TakesTheTimeThatItsFateSays) {
  next_commit(CommitOutcome::kNormal, 300, 500);
  pacer_.after(299, [&] { EXPECT_EQ(peek("a"), "<none>"); });
  pacer_.after(301, [&] { EXPECT_EQ(peek("a"), "1"); });
  const int64_t start_us = pacer_.now_us();
  EXPECT_EQ(code_of(writer("a", "1")->commit()), 0);
  EXPECT_EQ(pacer_.now_us() - start_us, 500);
}

TEST_F(SimulatedCommit, ConflictIsJudgedWhenItLandsNotWhenItIsSent) {
  auto slow = writer("b", "1");
  ASSERT_TRUE(slow->get("a", ReadMode::kSerializable));
  next_commit(CommitOutcome::kNormal, 1000, 2000);
  pacer_.after(500, [&] {
    next_commit(CommitOutcome::kNormal, 10, 20);
    EXPECT_EQ(code_of(writer("a", "1")->commit()), 0);
  });
  EXPECT_EQ(code_of(slow->commit()), 1020);
  EXPECT_EQ(peek("b"), "<none>");
}

TEST_F(SimulatedCommit, SpuriousConflictWritesNothing) {
  next_commit(CommitOutcome::kSpuriousConflict, 10, 20);
  EXPECT_EQ(code_of(writer("a", "1")->commit()), 1020);
  pacer_.pass_us(10'000'000);
  EXPECT_EQ(peek("a"), "<none>");
}

TEST_F(SimulatedCommit, UnknownLandedHasLandedWhenTheClientHears) {
  next_commit(CommitOutcome::kUnknownLanded, 10, 20);
  auto transaction = writer("a", "1");
  EXPECT_EQ(code_of(transaction->commit()), 1021);
  EXPECT_EQ(peek("a"), "1");
  // A read that is asked for now covers it, however far the store's versions lag.
  pacer_.reads.push_back({.wait_us = 1, .error = std::nullopt, .read_version_lag_us = 1'000'000});
  auto reader = store_.begin();
  EXPECT_EQ(reader->get("a", ReadMode::kSerializable).value()->view(), "1");
  EXPECT_TRUE(transaction->on_error({StoreCode::kCommitUnknownResult}));
}

TEST_F(SimulatedCommit, UnknownLandedStillConflicts) {
  auto transaction = writer("b", "1");
  ASSERT_TRUE(transaction->get("a", ReadMode::kSerializable));
  EXPECT_EQ(code_of(writer("a", "1")->commit()), 0);
  next_commit(CommitOutcome::kUnknownLanded, 10, 20);
  EXPECT_EQ(code_of(transaction->commit()), 1021);
  EXPECT_EQ(peek("b"), "<none>");
}

TEST_F(SimulatedCommit, UnknownLostNeverLands) {
  next_commit(CommitOutcome::kUnknownLost, 10, 20);
  EXPECT_EQ(code_of(writer("a", "1")->commit()), 1021);
  pacer_.pass_us(10'000'000);
  EXPECT_EQ(peek("a"), "<none>");
}

TEST_F(SimulatedCommit, TimedOutCommitLandsLater) {
  next_commit(CommitOutcome::kTimedOut, 3'000'000, 100);
  auto transaction = writer("a", "1");
  EXPECT_EQ(code_of(transaction->commit()), 1031);
  EXPECT_EQ(peek("a"), "<none>");
  EXPECT_FALSE(transaction->on_error({StoreCode::kTransactionTimedOut}));
  transaction.reset();
  pacer_.pass_us(3'000'000);
  EXPECT_EQ(peek("a"), "1");
}

TEST_F(SimulatedCommit, OwnTimeoutEndsTheWaitAndTheCommitLandsLater) {
  next_commit(CommitOutcome::kNormal, 2'000, 3'000);
  auto transaction = writer("a", "1");
  ASSERT_TRUE(transaction->set_timeout_us(500));
  const int64_t start_us = pacer_.now_us();
  EXPECT_EQ(code_of(transaction->commit()), 1031);
  EXPECT_EQ(pacer_.now_us() - start_us, 500);
  EXPECT_EQ(peek("a"), "<none>");
  pacer_.pass_us(2'000);
  EXPECT_EQ(peek("a"), "1");
}

TEST_F(SimulatedCommit, ErrorOfTheFateWritesNothing) {
  pacer_.commits.push_back({.outcome = CommitOutcome::kError,
                            .land_after_us = 0,
                            .reply_after_us = 5,
                            .error = StoreCode::kTagThrottled});
  EXPECT_EQ(code_of(writer("a", "1")->commit()), 1213);
  EXPECT_EQ(peek("a"), "<none>");
}

TEST_F(SimulatedCommit, AnswersTheCodeOfItsFateWhateverBecomesOfIt) {
  const auto commit = [this](CommitOutcome outcome, int64_t land_after_us, StoreCode code) {
    pacer_.commits.push_back(
        {.outcome = outcome, .land_after_us = land_after_us, .reply_after_us = 20, .error = code});
    return code_of(writer("a", std::to_string(++values_))->commit());
  };
  EXPECT_EQ(commit(CommitOutcome::kUnknownLanded, 10, StoreCode::kClusterVersionChanged), 1039);
  EXPECT_EQ(peek("a"), "1");
  EXPECT_EQ(commit(CommitOutcome::kUnknownLost, 10, StoreCode::kClusterVersionChanged), 1039);
  EXPECT_EQ(peek("a"), "1");
  EXPECT_EQ(commit(CommitOutcome::kTimedOut, 500, StoreCode::kTransactionCancelled), 1025);
  EXPECT_EQ(peek("a"), "1");
  pacer_.pass_us(500);
  EXPECT_EQ(peek("a"), "3");
}

TEST_F(SimulatedCommit, LandsThoughItsClientDied) {
  next_commit(CommitOutcome::kNormal, 1000, 2000);
  pacer_.during_wait = [] { throw ClientDied(); };
  EXPECT_THROW((void)writer("a", "1")->commit(), ClientDied);
  EXPECT_EQ(peek("a"), "<none>");
  // The dead client's transaction object serves the next one meanwhile.
  EXPECT_EQ(code_of(writer("b", "2")->commit()), 0);
  pacer_.pass_us(1000);
  EXPECT_EQ(peek("a"), "1");
  EXPECT_EQ(peek("b"), "2");
}

TEST_F(SimulatedCommit, DyingInAReadLeavesNothingBehind) {
  auto transaction = writer("a", "1");
  pacer_.during_wait = [] { throw ClientDied(); };
  EXPECT_THROW((void)transaction->get("b", ReadMode::kSerializable), ClientDied);
  transaction.reset();
  EXPECT_EQ(code_of(store_.begin()->commit()), 0);
  EXPECT_EQ(peek("a"), "<none>");
}

TEST_F(SimulatedCommit, OtherFibersSeeUsedDuringCommit) {
  auto transaction = writer("a", "1");
  pacer_.during_wait = [&] {
    EXPECT_EQ(transaction->get("a", ReadMode::kSerializable).error().code,
              StoreCode::kUsedDuringCommit);
    EXPECT_EQ(transaction->set("a", SharedBytes("2")).error().code, StoreCode::kUsedDuringCommit);
    EXPECT_EQ(transaction->on_error({StoreCode::kNotCommitted}).error().code,
              StoreCode::kUsedDuringCommit);
  };
  EXPECT_EQ(code_of(transaction->commit()), 0);
  EXPECT_EQ(peek("a"), "1");
}

TEST_F(SimulatedCommit, CancelDuringCommitAnswersSoAndItStillLands) {
  auto transaction = writer("a", "1");
  pacer_.during_wait = [&] { transaction->cancel(); };
  EXPECT_EQ(code_of(transaction->commit()), 1025);
  pacer_.pass_us(100);
  EXPECT_EQ(peek("a"), "1");
}

TEST_F(SimulatedCommit, ResetDuringAReadFailsTheRead) {
  auto transaction = store_.begin();
  pacer_.during_wait = [&] { transaction->reset(); };
  EXPECT_EQ(transaction->get("a", ReadMode::kSerializable).error().code,
            StoreCode::kTransactionCancelled);
}

TEST_F(SimulatedCommit, ReadErrorOfTheFateIsAnsweredAndLeavesNoConflict) {
  auto transaction = writer("b", "1");
  pacer_.reads.push_back(
      {.wait_us = 7, .error = StoreCode::kFutureVersion, .read_version_lag_us = 0});
  EXPECT_EQ(transaction->get("a", ReadMode::kSerializable).error().code, StoreCode::kFutureVersion);
  EXPECT_EQ(code_of(writer("a", "1")->commit()), 0);
  EXPECT_EQ(code_of(transaction->commit()), 0);
}

TEST_F(SimulatedCommit, ReadVersionMayLagButNeverBehindWhatWasAcknowledged) {
  EXPECT_EQ(code_of(writer("a", "old")->commit()), 0);
  // A commit that lands while the read is under way may be seen or not.
  next_commit(CommitOutcome::kNormal, 100, 1'000);
  pacer_.after(50, [&] {
    pacer_.reads.push_back({.wait_us = 200, .error = std::nullopt, .read_version_lag_us = 150});
    auto reader = store_.begin();
    EXPECT_EQ(reader->get("a", ReadMode::kSerializable).value()->view(), "old");
    pacer_.reads.push_back({.wait_us = 200, .error = std::nullopt, .read_version_lag_us = 0});
    auto other = store_.begin();
    EXPECT_EQ(other->get("a", ReadMode::kSerializable).value()->view(), "new");
    // From here on nobody goes back behind what the other one saw.
    pacer_.reads.push_back({.wait_us = 1, .error = std::nullopt, .read_version_lag_us = 1'000'000});
    auto late = store_.begin();
    EXPECT_EQ(late->get("a", ReadMode::kSerializable).value()->view(), "new");
  });
  EXPECT_EQ(code_of(writer("a", "new")->commit()), 0);
}

TEST_F(SimulatedCommit, CommitsOfOneMomentMayShareAVersionInOrder) {
  for (int i = 0; i < 20; ++i) {
    next_commit(CommitOutcome::kTimedOut, 100 - i, 1);  // all land in the same microsecond
    auto transaction = writer("k" + std::to_string(i), "v");
    EXPECT_EQ(code_of(transaction->commit()), 1031);
  }
  struct Watch : StoreObserver {
    void on_applied(const AppliedCommit& commit) override {
      const std::pair<int64_t, int> now{commit.version, commit.batch_index};
      EXPECT_LT(last, now);
      shared += commit.version == last.first;
      last = now;
      ++commits;
    }
    std::pair<int64_t, int> last{0, 0};
    int shared = 0, commits = 0;
  } watch;
  store_.add_observer(&watch);
  pacer_.pass_us(1000);
  EXPECT_EQ(watch.commits, 20);
  EXPECT_GT(watch.shared, 0);
  EXPECT_LT(watch.shared, 19);
}

TEST_F(SimulatedCommit, BackOffGrowsAndStaysWithinItsBounds) {
  auto transaction = store_.begin();
  int64_t bound_us = 10'000, longest_us = 0;
  for (int i = 0; i < 40; ++i) {
    const int64_t start_us = pacer_.now_us();
    ASSERT_TRUE(transaction->on_error({StoreCode::kNotCommitted}));
    const int64_t waited_us = pacer_.now_us() - start_us;
    EXPECT_LT(waited_us, bound_us);
    longest_us = std::max(longest_us, waited_us);
    bound_us = std::min<int64_t>(2 * bound_us, 1'000'000);
  }
  EXPECT_GT(longest_us, 500'000);
  for (const StoreCode code : {StoreCode::kTransactionTooOld, StoreCode::kFutureVersion}) {
    const int64_t start_us = pacer_.now_us();
    ASSERT_TRUE(transaction->on_error({code}));
    EXPECT_EQ(pacer_.now_us() - start_us, 10'000);
  }
}

}  // namespace
}  // namespace squall::sim
