// The store's other tenant: what it reads is held against the truth, and so is what lands.
#include "sim/oracle/tenant_reads.h"

#include "sim/oracle/testing/oracle_fixture.h"
#include "sim/store/versionstamp.h"

namespace squall::sim::test_support {
namespace {

class TenantReadsTest : public OracleTest {
 protected:
  void SetUp() override {
    OracleTest::SetUp();
    store.add_observer(&truth());
  }
  void TearDown() override {
    store.remove_observer(&truth());
    OracleTest::TearDown();
  }
  TenantReads& truth() {
    if (!truth_) truth_.emplace(*oracle);
    return *truth_;
  }
  void write(const std::string& key, const std::string& value) {
    auto transaction = store.begin();
    ASSERT_TRUE(transaction->set(key, SharedBytes(value)));
    ASSERT_TRUE(transaction->commit());
  }
  // With the read conflict of a scan that found tenant/a last.
  void commit_over_last(const std::string& mark) {
    auto transaction = store.begin();
    ASSERT_TRUE(transaction->add_read_conflict_range("tenant/a", "tenant/k"));
    ASSERT_TRUE(transaction->set("tenant/m0", SharedBytes(mark)));
    ASSERT_TRUE(transaction->commit());
  }
  TenantTransaction begun() {
    TenantTransaction transaction;
    transaction.read_version = store.last_commit_version();
    return transaction;
  }

  const TenantRead all_{"tenant/a", "tenant/k", 10, false};
  const TenantRead last_{"tenant/a", "tenant/k", 1, true};

 private:
  std::optional<TenantReads> truth_;
};

TEST_F(TenantReadsTest, ReadsOfTheOwnVersionAndOwnWritesHold) {
  write("tenant/a", "1");
  TenantTransaction transaction = begun();
  write("tenant/a", "2");
  truth().check_read(transaction, all_, {{"tenant/a", "1"}});
  transaction.writes.push_back({TenantWrite::Kind::kSet, "tenant/c", "3"});
  transaction.writes.push_back({TenantWrite::Kind::kAtomic, "tenant/c", "1"});
  truth().check_read(transaction, last_, {{"tenant/c", "d"}});
  transaction.writes.push_back({TenantWrite::Kind::kClearRange, "tenant/b", "tenant/d"});
  truth().check_read(transaction, last_, {{"tenant/a", "1"}});
  EXPECT_TRUE(violations.empty());
}

TEST_F(TenantReadsTest, AReadOfAnotherVersionIsReported) {
  write("tenant/a", "1");
  const TenantTransaction transaction = begun();
  write("tenant/a", "2");
  truth().check_read(transaction, all_, {{"tenant/a", "2"}});
  expect_violation("store-values-verbatim@tenant-read");
}

TEST_F(TenantReadsTest, ACommitOverAChangedReadIsReported) {
  write("tenant/a", "1");
  TenantTransaction transaction = begun();
  transaction.looks.push_back({last_, 0, {{"tenant/a", "1"}}});
  truth().expect_commit("tenant/m0", "first", transaction);
  commit_over_last("first");
  EXPECT_TRUE(violations.empty());
  write("tenant/b", "2");
  truth().expect_commit("tenant/m0", "second", transaction);
  commit_over_last("second");
  expect_violation("store-serializable@tenant-landing");
}

TEST_F(TenantReadsTest, ASelectorCountsKeysAndOwnWrites) {
  write("tenant/a", "1");
  write("tenant/c", "1");
  TenantTransaction transaction = begun();
  transaction.writes.push_back({TenantWrite::Kind::kSet, "tenant/b", "1"});
  TenantRead read{"tenant/a", "", 1, false, 2, false};
  truth().check_read(transaction, read, {{"tenant/b", ""}});
  read.or_equal = true;
  truth().check_read(transaction, read, {{"tenant/c", ""}});
  read.offset = 3;
  truth().check_read(transaction, read, {{"\xff", ""}});
  read.offset = -1;
  truth().check_read(transaction, read, {});
  EXPECT_TRUE(violations.empty());
  read.offset = 2;
  truth().check_read(transaction, read, {{"tenant/b", ""}});
  expect_violation("store-values-verbatim@tenant-read");
}

TEST_F(TenantReadsTest, AScanThatHidesThatItWasCutIsReported) {
  write("tenant/a", "1");
  write("tenant/b", "1");
  const TenantTransaction transaction = begun();
  const TenantRead one{"tenant/a", "tenant/k", 1, false};
  truth().check_read(transaction, one, {{"tenant/a", "1"}}, true);
  truth().check_read(transaction, all_, {{"tenant/a", "1"}, {"tenant/b", "1"}}, false);
  EXPECT_TRUE(violations.empty());
  truth().check_read(transaction, one, {{"tenant/a", "1"}}, false);
  expect_violation("store-values-verbatim@tenant-more");
}

TEST_F(TenantReadsTest, ALandingAtAVersionThatWasReadIsReported) {
  write("tenant/a", "1");
  truth().check_version(0, store.last_commit_version());
  write("tenant/a", "2");
  EXPECT_TRUE(violations.empty());
  truth().check_version(0, store.last_commit_version() + 1'000);
  write("tenant/a", "3");
  expect_violation("store-serializable@tenant-read-version");
}

TEST_F(TenantReadsTest, AWrongAnswerToATooLargeRequestIsReported) {
  truth().check_over_limit(StoreCode::kKeyTooLarge, StoreCode::kKeyTooLarge);
  truth().check_over_limit(std::nullopt, std::nullopt);
  EXPECT_TRUE(violations.empty());
  truth().check_over_limit(StoreCode::kKeyTooLarge, std::nullopt);
  expect_violation("transaction-limits@tenant-limit");
}

TEST_F(TenantReadsTest, ARefusalForSizeIsTheTenantsOnlyWhereItAsked) {
  const auto write_too_much = [&] {
    EXPECT_FALSE(store.begin()->set("tenant/a", SharedBytes(std::string(100'001, 'x'))));
  };
  truth().expect_over_limit(true);
  write_too_much();
  EXPECT_TRUE(violations.empty());
  truth().expect_over_limit(false);
  write_too_much();
  expect_violation("transaction-limits@refused");
}

TEST_F(TenantReadsTest, ALandingWithOtherReadConflictsIsReported) {
  TenantTransaction transaction = begun();
  transaction.looks.push_back({all_, 0, {}});
  truth().expect_commit("tenant/m0", "first", transaction);
  auto reader = store.begin();
  ASSERT_TRUE(reader->get_range(all_.begin, all_.end, {all_.limit}));
  ASSERT_TRUE(reader->set("tenant/m0", SharedBytes("first")));
  ASSERT_TRUE(reader->commit());
  EXPECT_TRUE(violations.empty());
  truth().expect_commit("tenant/m0", "second", transaction);
  write("tenant/m0", "second");
  expect_violation("store-serializable@tenant-conflicts");
}

TEST_F(TenantReadsTest, AReadOfTheOwnStampIsReported) {
  truth().check_unreadable(true, StoreCode::kAccessedUnreadable);
  EXPECT_TRUE(violations.empty());
  truth().check_unreadable(true, std::nullopt);
  expect_violation("store-values-verbatim@tenant-unreadable");
}

TEST_F(TenantReadsTest, ARefusalOfWhatWasClearedSinceIsReported) {
  truth().check_unreadable(false, std::nullopt);
  EXPECT_TRUE(violations.empty());
  truth().check_unreadable(false, StoreCode::kAccessedUnreadable);
  expect_violation("store-values-verbatim@tenant-unreadable");
}

TEST_F(TenantReadsTest, AVersionBehindWhatWasToldIsReported) {
  truth().check_version(truth().told(), 5);
  truth().check_version(truth().told(), 5);
  EXPECT_TRUE(violations.empty());
  truth().check_version(truth().told(), 4);
  expect_violation("store-serializable@tenant-version");
}

TEST_F(TenantReadsTest, AnotherStampThanThatOfTheLandingIsReported) {
  truth().expect_commit("tenant/m0", "first", begun());
  write("tenant/m0", "first");
  const int64_t version = store.last_commit_version();
  truth().check_committed("first", version, make_versionstamp(version, 0));
  EXPECT_TRUE(violations.empty());
  truth().check_committed("first", version, make_versionstamp(version, 1));
  expect_violation("store-serializable@tenant-stamp");
}

TEST_F(TenantReadsTest, ATransactionThatIsTooOldAndGoesOnIsReported) {
  truth().check_age(false, "read");
  EXPECT_TRUE(violations.empty());
  truth().check_age(true, "read");
  expect_violation("store-serializable@tenant-age");
}

}  // namespace
}  // namespace squall::sim::test_support
