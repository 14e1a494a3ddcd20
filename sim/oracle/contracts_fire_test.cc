// What a session is told, holds and says about itself: each invariant over that fires.
#include "sim/oracle/actor_isolation.h"
#include "sim/oracle/api_contract.h"
#include "sim/oracle/bounded_memory.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/message_codec.h"
#include "sim/oracle/round_trip_budget.h"
#include "sim/oracle/testing/oracle_fixture.h"
#include "sim/oracle/transaction_limits.h"

namespace squall::sim::test_support {
namespace {

class ContractsFire : public OracleTableTest {
 protected:
  Knobs knobs() override {
    Knobs knobs;
    knobs.commit_attempts = 2;
    knobs.preload_bytes = 4096;
    return knobs;
  }
  void read_all() { run("SELECT id, v FROM t ORDER BY id"); }
  void bend(const Key& key) { oracle->value_bent(*parse_key(key), key); }
};

TEST_F(ContractsFire, ASupersededSessionThatIsServed) {
  auto old = make_session({++starts, 1000 + starts});
  ASSERT_EQ(old->open(), Session::Opened::kReady);
  start();
  const HeadView head = stored_head().view();
  answer<GetPagesRequest>([&](Request& request) -> CallResult {
    return Reply{head,
                 PagesReply{{{std::get<GetPagesRequest>(request.body).pgnos.at(0), pool.zero()}}}};
  });
  std::swap(old, session);
  read_all();
  expect_violation("fence-exclusive@reply");
}

TEST_F(ContractsFire, ASoundRequestThatIsCalledInvalid) {
  answer<CommitRequest>([](Request&) -> CallResult {
    return Reply{{}, Error{ErrorCode::kInvalidRequest, "said by the test"}};
  });
  run("INSERT INTO t(v) VALUES (?1)", {blob(100)});
  expect_violation("actor-isolation@error");
}

TEST_F(ContractsFire, AFileThatDiesOfNothing) {
  start();
  answer<GetPagesRequest>([this](Request&) -> CallResult {
    return Reply{stored_head().view(), PagesReply{}};
  });
  read_all();
  expect_violation("actor-isolation@death");
}

TEST_F(ContractsFire, APageThatIsLeftOutOfAReply) {
  start();
  answer<GetPagesRequest>([this](Request& request) -> CallResult {
    Reply reply = transport->serve(request);
    std::get<PagesReply>(reply.body).pages.at(0).page.reset();
    return reply;
  });
  read_all();
  expect_violation("corruption-detected@absent");
}

TEST_F(ContractsFire, AWrongPageWhileTheStoreBendsReads) {
  bend(delta_key(1, {2, 0}));
  start();
  change_first_page_of_replies();
  read_all();
  expect_violation("corruption-detected@served");
}

TEST_F(ContractsFire, AnErrorOverDamageThatNamesNothing) {
  bend(delta_key(1, {2, 0}));
  start();
  answer<GetPagesRequest>([](Request&) -> CallResult {
    return Reply{{}, Error{ErrorCode::kCorrupt, "said by the test"}};
  });
  read_all();
  expect_violation("corruption-detected@error");
}

// Every read of a stored value comes back bent: the product answers with an error that names it,
// and with no page.
TEST_F(ContractsFire, NothingWhenTheProductDetectsADamagedBlob) {
  ASSERT_EQ(run("INSERT INTO t(v) VALUES (?1)", {blob(9000, 2)}), Session::Outcome::kDone);
  // Page 1 lies in a newer one.
  const Key key = delta_key(1, {2, 0});
  std::string damaged(store.peek(key)->view());
  damaged[damaged.size() / 2] ^= 1;
  pacer.bend = [&](std::string_view read, std::optional<SharedBytes>* value) {
    if (read != key.view()) return;
    *value = SharedBytes(damaged);
    oracle->value_bent(*parse_key(read), read);
  };
  session.reset();
  start();
  read_all();
  EXPECT_FALSE(session->usable());
  for (const Violation& violation : violations)
    ADD_FAILURE() << violation.signature() << ": " << violation.message;
  EXPECT_GT(count(Invariant::kCorruptionDetected), 0u);
}

// --- judged on their own ---

class JudgedAlone : public ::testing::Test {
 protected:
  void expect_fired(const std::string& signature) {
    ASSERT_EQ(violations.size(), 1u);
    EXPECT_EQ(violations[0].signature(), signature);
  }
  std::vector<Violation> violations;
  Judge judge{[this](const Violation& violation) { violations.push_back(violation); }};
  CommitTally tally;
  SessionTruth session{1, {1, 1}, &tally};
  Knobs knobs;
};

TEST_F(JudgedAlone, MessageCodecFiresOnAnotherMessage) {
  check_message(judge, "abc", "abc", "");
  EXPECT_TRUE(violations.empty());
  check_message(judge, "abc", "abd", "");
  expect_fired("message-codec@message");
  EXPECT_NE(violations[0].message.find("byte 2"), std::string::npos) << violations[0].message;
}

TEST_F(JudgedAlone, MessagesThatDifferInOneFieldAreNotTheSame) {
  const Request commit{1, 2, CommitRequest{3, {4, 5}, 6, {}}};
  EXPECT_TRUE(same_message(commit, commit));
  EXPECT_FALSE(same_message(commit, Request{1, 2, CommitRequest{3, {4, 0}, 6, {}}}));
  EXPECT_FALSE(same_message(commit, Request{1, 2, StageBeginRequest{3, {4, 5}}}));
  const Request takeover{1, 0, TakeoverRequest{{1, 2}, {3}, {{4, 5}}, 6}};
  EXPECT_TRUE(same_message(takeover, takeover));
  EXPECT_FALSE(same_message(takeover, Request{1, 0, TakeoverRequest{{1, 2}, {3}, {}, 6}}));
  EXPECT_FALSE(same_message(takeover, Request{1, 0, TakeoverRequest{{1, 2}, {3}, {{4, 5}}, 7}}));
  const Reply refusal{{1, 2, 3}, Error{ErrorCode::kQuotaExceeded, "full"}};
  EXPECT_TRUE(same_message(refusal, refusal));
  EXPECT_FALSE(same_message(refusal, Reply{{1, 2, 3}, Error{ErrorCode::kTooLarge, "full"}}));
  EXPECT_FALSE(same_message(refusal, Reply{{1, 1, 3}, Error{ErrorCode::kQuotaExceeded, "full"}}));
}

TEST_F(JudgedAlone, MessageCodecFiresOnAMessageThatCannotBeDecoded) {
  check_message(judge, "abc", "", "cut short");
  expect_fired("message-codec@message");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnACacheBeyondItsKnob) {
  knobs.page_cache_pages = 8;
  check_session_memory(judge, session, {8, false, 0}, knobs);
  EXPECT_TRUE(violations.empty());
  check_session_memory(judge, session, {9, false, 0}, knobs);
  expect_fired("bounded-memory@session");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnMoreCompactionsAtOnceThanMayBe) {
  Engine::MemoryUse use{};
  use.peak_workers = EngineOptions().compaction_workers;
  check_node_memory(judge, 0, use, 1, 3, knobs);
  EXPECT_TRUE(violations.empty());
  ++use.peak_workers;
  check_node_memory(judge, 0, use, 1, 3, knobs);
  expect_fired("bounded-memory@node");
}

TEST_F(JudgedAlone, RoundTripBudgetFiresOnACommitThatIsAskedForTooOften) {
  for (const uint64_t sequence : {7, 7, 8, 8}) check_tries(judge, session, sequence, 2);
  EXPECT_TRUE(violations.empty());
  check_tries(judge, session, 8, 2);
  expect_fired("round-trip-budget@tries");
}

TEST_F(JudgedAlone, RoundTripBudgetFiresOnASessionThatAsksOnAfterAFence) {
  check_asks(judge, session);
  EXPECT_TRUE(violations.empty());
  session.fenced = true;
  check_asks(judge, session);
  expect_fired("round-trip-budget@after-fence");
}

TEST_F(JudgedAlone, RoundTripBudgetFiresOnAFinalizeOfChunksThatAreMissing) {
  check_staged(judge, session);
  EXPECT_TRUE(violations.empty());
  session.chunks_missing = true;
  check_staged(judge, session);
  expect_fired("round-trip-budget@unstaged");
}

TEST_F(JudgedAlone, TransactionLimitsFireOnAChunkThatIsRefusedForNoSize) {
  knobs.max_staged_bytes = 200'000;
  session.most_staged_bytes = 180'000;
  check_stage_too_large(judge, session, knobs);
  EXPECT_TRUE(violations.empty());
  session.most_staged_bytes = 60'000;
  check_stage_too_large(judge, session, knobs);
  expect_fired("transaction-limits@stage-too-large");
}

TEST_F(JudgedAlone, ActorIsolationFiresOnARequestThatIsGivenUpForNothing) {
  knobs.store_attempts = 4;
  check_served_commit(judge, {1, true, 4, 4, 0}, knobs);  // used up
  check_served_commit(judge, {1, true, 1, 1, 1}, knobs);  // struck
  check_served_commit(judge, {1, false, 1, 1, 0}, knobs);
  EXPECT_TRUE(violations.empty());
  check_served_commit(judge, {1, true, 2, 1, 0}, knobs);
  expect_fired("actor-isolation@unavailable");
}

TEST_F(JudgedAlone, ActorIsolationFiresOnMoreTriesThanThereMayBe) {
  knobs.store_attempts = 4;
  check_served_commit(judge, {1, false, 9, 4, 3}, knobs);
  EXPECT_TRUE(violations.empty());
  check_served_commit(judge, {1, false, 9, 5, 3}, knobs);
  expect_fired("actor-isolation@tries");
}

TEST_F(JudgedAlone, ApiContractFiresOnAClockOfOtherUnits) {
  check_clock(judge, session, 210'866'760'000'005, 5'999);
  EXPECT_TRUE(violations.empty());
  check_clock(judge, session, 210'866'760'005'999, 5'999);
  expect_fired("api-contract@clock");
}

TEST_F(JudgedAlone, ApiContractFiresOnAForbiddenPragma) {
  check_pragma(judge, session, "PRAGMA incremental_vacuum");
  EXPECT_TRUE(violations.empty());
  check_pragma(judge, session, "PRAGMA page_size=8192");
  expect_fired("api-contract@pragma");
}

TEST_F(JudgedAlone, ApiContractFiresOnARefusalWithoutAReason) {
  check_says_why(judge, session, "over the quota");
  EXPECT_TRUE(violations.empty());
  check_says_why(judge, session, "");
  expect_fired("api-contract@no-error-text");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnAPagePastTheEnd) {
  check_session_memory(judge, session, {1, true, 0}, knobs);
  expect_fired("bounded-memory@session");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnABufferThatStays) {
  check_session_memory(judge, session, {1, false, 1}, knobs);
  expect_fired("bounded-memory@session");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnIndexesBeyondTheKnob) {
  knobs.index_cache_actors = 2;
  check_node_memory(judge, 0,
                    {.actors = 5, .indexes = 4, .blob_bytes = 0, .queued = 10, .peak_workers = 1},
                    1, 5, knobs);
  EXPECT_TRUE(violations.empty());
  check_node_memory(judge, 0,
                    {.actors = 5, .indexes = 5, .blob_bytes = 0, .queued = 10, .peak_workers = 1},
                    1, 5, knobs);
  expect_fired("bounded-memory@node");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnBlobsBeyondTheKnob) {
  knobs.blob_cache_bytes = 100;
  check_node_memory(judge, 0,
                    {.actors = 1, .indexes = 1, .blob_bytes = 101, .queued = 0, .peak_workers = 0},
                    1, 1, knobs);
  expect_fired("bounded-memory@node");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnAnActorThatAnIdleNodeHolds) {
  check_node_idle(judge, 0, 1, 0);
  EXPECT_TRUE(violations.empty());
  check_node_idle(judge, 0, 1, 1);
  expect_fired("bounded-memory@idle-node");
}

TEST_F(JudgedAlone, BoundedMemoryFiresOnActorsThatAnIdleNodeDoesNotForget) {
  Engine::MemoryUse use{};
  use.actors = 3;
  use.indexes = 2;
  use.queued = 1;
  check_node_forgets(judge, 0, use);
  EXPECT_TRUE(violations.empty());
  ++use.actors;
  check_node_forgets(judge, 0, use);
  expect_fired("bounded-memory@idle-node");
}

TEST_F(JudgedAlone, ApiContractFiresOnADeviceThatIsNotBatchAtomic) {
  check_device_characteristics(judge, session, Profile::kOriginal, SQLITE_IOCAP_BATCH_ATOMIC);
  check_device_characteristics(judge, session, Profile::kFallback, 0);
  EXPECT_TRUE(violations.empty());
  check_device_characteristics(judge, session, Profile::kDefault, 0);
  expect_fired("api-contract@device");
}

TEST_F(JudgedAlone, ApiContractFiresOnOtherSectors) {
  check_sector_size(judge, session, 512);
  expect_fired("api-contract@sector");
}

TEST_F(JudgedAlone, ApiContractFiresOnAJournal) {
  check_opened_file(judge, session, Profile::kOriginal, SQLITE_OPEN_MAIN_JOURNAL);
  EXPECT_TRUE(violations.empty());
  check_opened_file(judge, session, Profile::kDefault, SQLITE_OPEN_MAIN_JOURNAL);
  expect_fired("api-contract@open");
}

TEST_F(JudgedAlone, ApiContractFiresOnAWal) {
  check_opened_file(judge, session, Profile::kFallback, SQLITE_OPEN_WAL);
  expect_fired("api-contract@open");
}

TEST_F(JudgedAlone, ApiContractFiresOnAWriteOutsideABatch) {
  check_batched(judge, session, Profile::kFallback, false);
  EXPECT_TRUE(violations.empty());
  check_batched(judge, session, Profile::kDefault, false);
  expect_fired("api-contract@unbatched-write");
}

TEST_F(JudgedAlone, ApiContractFiresOnAnErrorTextAfterASuccess) {
  check_no_error_text(judge, session, "quota");
  expect_fired("api-contract@last-error");
}

TEST_F(JudgedAlone, ApiContractFiresOnADeadFileThatWorks) {
  check_dead_file(judge, session, "a read", true);
  expect_fired("api-contract@alive-after-error");
}

TEST_F(JudgedAlone, ApiContractFiresOnAProfileThatNobodyAskedFor) {
  check_opened_profile(judge, session, Profile::kDefault, Profile::kFallback, false);
  EXPECT_TRUE(violations.empty());
  check_opened_profile(judge, session, Profile::kDefault, Profile::kFallback, true);
  expect_fired("api-contract@profile");
}

TEST_F(JudgedAlone, ApiContractFiresOnAnotherJournalMode) {
  check_journal_mode(judge, session, Profile::kDefault, "wal");
  expect_fired("api-contract@journal-mode");
}

}  // namespace
}  // namespace squall::sim::test_support
