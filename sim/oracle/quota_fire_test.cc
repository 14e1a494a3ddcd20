// What a quota allows and what it forbids: quota-kept fires, and holds where it should.
#include "sim/oracle/judge.h"
#include "sim/oracle/quota_kept.h"
#include "sim/oracle/round_trip_budget.h"
#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

class QuotaFire : public OracleTableTest {
 protected:
  Session::Outcome grow() { return run("INSERT INTO t(v) VALUES (?1)", {blob(20'000, 7)}); }
  Session::Outcome rewrite() { return run("UPDATE t SET v=?1 WHERE id=1", {blob(9'000, 9)}); }
  void refuse_commits() {
    answer<CommitRequest>([](Request&) -> CallResult {
      return Reply{{}, Error{ErrorCode::kQuotaExceeded, "said by the test"}};
    });
  }
};

TEST_F(QuotaFire, NothingWhereAFullDatabaseShrinksAndIsRewritten) {
  ASSERT_EQ(grow(), Session::Outcome::kDone);
  set_quota(1);
  EXPECT_EQ(rewrite(), Session::Outcome::kDone);
  EXPECT_EQ(grow(), Session::Outcome::kRefused);
  EXPECT_EQ(run("DELETE FROM t WHERE id>1"), Session::Outcome::kDone);
  EXPECT_EQ(run("VACUUM"), Session::Outcome::kDone);
  compact();
  expect_holds();
  EXPECT_GT(count(Invariant::kQuotaKept), 0u);
}

TEST(QuotaLanding, FiresOnAByteBeyondItAndOnlyWhereTheDatabaseGrew) {
  std::vector<Violation> violations;
  Judge judge([&](const Violation& violation) { violations.push_back(violation); });
  ActorTruth actor(1);
  Head before;
  before.head_txid = 4;
  before.size_pages = 10;
  before.storage_max = 1000;
  actor.head = before;
  Head after = before;
  after.head_txid = 5;
  after.storage_used = 1001;
  EXPECT_TRUE(check_quota_kept(judge, actor, after, 1000));
  after.size_pages = 11;
  after.storage_used = 1000;
  EXPECT_TRUE(check_quota_kept(judge, actor, after, 1000));
  after.storage_used = 1001;
  EXPECT_FALSE(check_quota_kept(judge, actor, after, 1000));
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].signature(), "quota-kept@landing");
}

TEST_F(QuotaFire, AnActorThatBeginsWithAnotherQuota) {
  plan.knobs.storage_max_bytes += 1;
  auto other = make_session({1, 77}, 2);
  other->open();
  expect_violation("quota-kept@first");
}

TEST_F(QuotaFire, ATakeoverThatSetsTheQuotaBack) {
  set_quota(1 << 20);
  const Owner next{++starts, 1000 + starts};
  oracle->expect_session(1, next);
  tamper({}, [&](Head& head) {
    head.owner = next;
    ++head.generation;
    head.storage_max = static_cast<uint64_t>(plan.knobs.storage_max_bytes);
  });
  expect_violation("quota-kept@set");
}

TEST_F(QuotaFire, AQuotaThatNobodyAskedFor) {
  tamper({}, [](Head& head) { head.storage_max = 4096; });
  expect_violation("quota-kept@set");
}

TEST_F(QuotaFire, ARefusalOfACommitThatDoesNotGrowTheDatabase) {
  set_quota(1);
  refuse_commits();
  rewrite();
  expect_violation("quota-kept@refusal");
}

TEST_F(QuotaFire, ARefusalWhereThereIsRoom) {
  refuse_commits();
  grow();
  expect_violation("quota-kept@refusal");
}

TEST_F(QuotaFire, ACreationTimeThatMoves) {
  tamper({}, [](Head& head) { ++head.creation_ts_ms; });
  expect_violation("head-monotonic@changed-in-place");
}

TEST_F(QuotaFire, ASmallCommitThatIsRefusedAsTooLarge) {
  answer<CommitRequest>([](Request&) -> CallResult {
    return Reply{{}, Error{ErrorCode::kTooLarge, "said by the test"}};
  });
  rewrite();
  expect_violation("transaction-limits@too-large");
}

TEST_F(QuotaFire, ATakeoverThatLeavesOutPageOne) {
  answer<TakeoverRequest>([this](Request& request) -> CallResult {
    Reply reply = transport->serve(request);
    std::get<PagesReply>(reply.body).pages.clear();
    return reply;
  });
  session = make_session({++starts, 1000 + starts});
  session->open();
  expect_violation("round-trip-budget@preload");
}

TEST_F(QuotaFire, AFetchOfAPageThatIsNotThere) {
  SessionTruth truth(1, {1, 1}, nullptr);
  truth.took_over = true;
  std::vector<Violation> fired;
  Judge judge([&](const Violation& violation) { fired.push_back(violation); });
  check_fetch(judge, truth, GetPagesRequest{{1}}, true);
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0].signature(), "round-trip-budget@past-end");
}

TEST_F(QuotaFire, ATakeoverThatAsksForMoreThanItMay) {
  session = make_session({++starts, 1000 + starts});
  plan.knobs.preload_bytes = 4096;
  session->open();
  expect_violation("round-trip-budget@preload-asked");
}

TEST_F(QuotaFire, ATakeoverThatBringsMoreThanItMay) {
  plan.knobs.preload_bytes = 4096;
  answer<TakeoverRequest>([this](Request& request) -> CallResult {
    Reply reply = transport->serve(request);
    auto& pages = std::get<PagesReply>(reply.body).pages;
    pages.push_back({2, pages.front().page});
    return reply;
  });
  session = make_session({++starts, 1000 + starts});
  session->open();
  expect_violation("round-trip-budget@preload");
}

}  // namespace
}  // namespace squall::sim::test_support
