// What is made of the answers that a rude client gets.
#include "sim/rude_client.h"

#include "sim/oracle/testing/oracle_fixture.h"
#include "sim/rude_stager.h"

namespace squall::sim::test_support {
namespace {

class RudeClientTest : public OracleTableTest {
 protected:
  static constexpr uint32_t kFencedOnly = 1u << static_cast<uint32_t>(ErrorCode::kFenced);
  void check(const Request& request, const Reply& reply) {
    check_rude(*oracle, stored_head().view(), request, kFencedOnly, reply);
  }
};

TEST_F(RudeClientTest, ARefusalForWhatIsWrongHolds) {
  const HeadView head = stored_head().view();
  const Request stale{1, head.generation, CommitRequest{head.head_txid - 1, {1001, 99}, 1, {}}};
  check(stale, engine->handle(stale));
  const Request past{1, head.generation, GetPagesRequest{{head.size_pages + 1}}};
  check(past, engine->handle(past));
  expect_holds();
  EXPECT_EQ(count(Invariant::kRequestsChecked), 2u);
}

TEST_F(RudeClientTest, AnAnswerToAnotherGenerationIsReported) {
  const HeadView head = stored_head().view();
  const Request request{1, head.generation + 7, GetPagesRequest{{1}}};
  check(request, Reply{head, PagesReply{{{1, pool.zero()}}}});
  expect_violation("requests-checked@reply");
}

TEST_F(RudeClientTest, ASuccessIsReported) {
  check(Request{1, 1, CommitRequest{}}, Reply{stored_head().view(), DoneReply{}});
  expect_violation("requests-checked@reply");
}

TEST_F(RudeClientTest, AStaleCommitMayBeRefusedForItsGrowthByAnOlderHeadOnly) {
  const HeadView head = stored_head().view();
  const Request stale{1, head.generation, CommitRequest{head.head_txid - 1, {1001, 99}, 9, {}}};
  const Error refused{ErrorCode::kInvalidRequest, "none of the new pages"};
  HeadView before = head;
  --before.head_txid;
  check(stale, Reply{before, refused});
  expect_holds();
  check(stale, Reply{head, refused});
  expect_violation("requests-checked@reply");
}

TEST_F(RudeClientTest, ACopyOfTheLastCommitIsAnsweredAsThatWas) {
  const Head head = stored_head();
  const Request again{1, head.generation,
                      CommitRequest{head.head_txid - 1, head.last_commit, 1, {{1, pool.zero()}}}};
  check_landed_again(*oracle, head.view(), again, engine->handle(again));
  expect_holds();
  const Error fenced{ErrorCode::kFenced, "stale"};
  HeadView before = head.view();
  --before.head_txid;
  check_landed_again(*oracle, head.view(), again, Reply{before, fenced});
  expect_holds();
  check_landed_again(*oracle, head.view(), again, Reply{head.view(), fenced});
  expect_violation("requests-checked@again");
}

TEST_F(RudeClientTest, AStageThatHasForgottenItsChunksIsReported) {
  const uint32_t invalid = 1u << static_cast<uint32_t>(ErrorCode::kInvalidRequest);
  const Request finalize{1, 1, FinalizeRequest{1, {1001, 99}, 9, 2, 7}};
  check_staging(*oracle, finalize, false, invalid,
                Reply{{}, Error{ErrorCode::kInvalidRequest, ""}});
  check_staging(*oracle, finalize, true, 0, Reply{{}, DoneReply{}});
  expect_holds();
  check_staging(*oracle, finalize, false, invalid,
                Reply{{}, Error{ErrorCode::kStageIncomplete, "chunks are missing"}});
  expect_violation("requests-checked@stage");
}

TEST_F(RudeClientTest, ASuccessOverAStageThatFitsNothingIsReported) {
  check_staging(*oracle, Request{1, 1, FinalizeRequest{}}, false, 0, Reply{{}, DoneReply{}});
  expect_violation("requests-checked@stage");
}

TEST_F(RudeClientTest, ARefusalForSomethingElseIsReported) {
  check(Request{1, 1, CommitRequest{}}, Reply{{}, Error{ErrorCode::kQuotaExceeded, "full"}});
  expect_violation("requests-checked@reply");
}

}  // namespace
}  // namespace squall::sim::test_support
