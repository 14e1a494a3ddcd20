// What a live client asks, reads and is told: each invariant over sessions fires.
#include "engine/planted.h"
#include "sim/oracle/sql_twin.h"
#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

class SessionsFire : public OracleTableTest {
 protected:
  Knobs knobs() override {
    Knobs knobs;
    knobs.commit_attempts = 2;
    knobs.preload_bytes = 4096;
    return knobs;
  }
  static Reply error(ErrorCode code) { return Reply{{}, Error{code, "said by the test"}}; }
  Session::Outcome insert() { return run("INSERT INTO t(v) VALUES (?1)", {blob(100)}); }
};

TEST_F(SessionsFire, ACommitThatIsAcknowledgedButNeverLands) {
  answer<CommitRequest>([](Request& request) -> CallResult {
    const auto& commit = std::get<CommitRequest>(request.body);
    return Reply{{request.generation, commit.head_txid + 1, commit.size_pages}, DoneReply{}};
  });
  insert();
  expect_violation("acked-durable@commit-atomic");
}

TEST_F(SessionsFire, ATakeoverThatIsAcknowledgedButNeverLands) {
  answer<TakeoverRequest>([this](Request&) -> CallResult {
    return Reply{stored_head().view(), PagesReply{}};
  });
  session = make_session({50, 50});
  session->open();
  expect_violation("acked-durable@takeover");
}

TEST_F(SessionsFire, ARefusedCommitThatLanded) {
  answer<CommitRequest>([this](Request& request) -> CallResult {
    static_cast<void>(transport->serve(request));
    return error(ErrorCode::kQuotaExceeded);
  });
  insert();
  expect_violation("error-old-or-new@commit-atomic");
}

TEST_F(SessionsFire, ARefusedCommitThatLandsLater) {
  std::optional<Request> refused;
  answer<CommitRequest>([&](Request& request) -> CallResult {
    refused = request;
    return error(ErrorCode::kQuotaExceeded);
  });
  set_quota(1);
  EXPECT_EQ(run("INSERT INTO t(v) VALUES (?1)", {blob(20'000)}), Session::Outcome::kRefused);
  ASSERT_TRUE(violations.empty());
  set_quota(1 << 30);
  static_cast<void>(transport->serve(*refused));
  expect_violation("error-old-or-new@late-landing");
}

TEST_F(SessionsFire, APageThatComesBackChanged) {
  start();
  change_first_page_of_replies();
  run("SELECT id, v FROM t ORDER BY id");
  expect_violation("page-images@read");
  expect_says("the engine answered with it: byte 4000 is");
  expect_says("of start 1 wrote it last");
}

TEST_F(SessionsFire, AShrinkThatLandsWithTheOldSize) {
  run("DELETE FROM t");
  answer<CommitRequest>([this](Request& request) -> CallResult {
    auto& commit = std::get<CommitRequest>(request.body);
    const uint32_t size = stored_head().size_pages;
    for (uint32_t pgno = commit.size_pages + 1; pgno <= size; ++pgno)
      commit.pages.push_back({pgno, pool.zero()});
    commit.size_pages = size;
    return transport->serve(request);
  });
  run("VACUUM");
  expect_violation("page-images@landing");
  expect_says("its header says");
}

TEST_F(SessionsFire, APageThatIsCommittedChanged) {
  answer<CommitRequest>([this](Request& request) -> CallResult {
    auto& page = std::get<CommitRequest>(request.body).pages.back().page;
    page = pool.zero();
    return transport->serve(request);
  });
  insert();
  expect_violation("page-images@landing");
  expect_says("the engine wrote other bytes than the request carried: byte ");
  expect_says("SQLite wrote it in this transaction");
}

TEST_F(SessionsFire, APageThatIsLeftOutOfACommit) {
  answer<CommitRequest>([this](Request& request) -> CallResult {
    std::get<CommitRequest>(request.body).pages.pop_back();
    return transport->serve(request);
  });
  run("UPDATE t SET v = ?1", {blob(9000, 2)});
  expect_violation("page-images@landing");
}

TEST_F(SessionsFire, AnEngineThatSaysItIsCorrupt) {
  start();
  answer<GetPagesRequest>([](Request&) -> CallResult { return error(ErrorCode::kCorrupt); });
  run("SELECT id, v FROM t ORDER BY id");
  expect_violation("page-images@corrupt-reply");
}

TEST_F(SessionsFire, AFenceWithoutATakeover) {
  answer<CommitRequest>([](Request&) -> CallResult { return error(ErrorCode::kFenced); });
  insert();
  expect_violation("legal-fences-only@fenced");
}

TEST_F(SessionsFire, AReplyForAnotherHeadThanTheOwnersOwn) {
  start();
  answer<GetPagesRequest>([this](Request& request) -> CallResult {
    Reply reply = transport->serve(request);
    --reply.head.head_txid;
    return reply;
  });
  run("SELECT id, v FROM t ORDER BY id");
  expect_violation("legal-fences-only@reply-head");
}

TEST_F(SessionsFire, AStartThatIsSupersededByNobody) {
  answer<TakeoverRequest>([](Request&) -> CallResult { return error(ErrorCode::kSuperseded); });
  session = make_session({50, 50});
  EXPECT_EQ(session->open(), Session::Opened::kSuperseded);
  expect_violation("legal-fences-only@superseded");
}

TEST_F(SessionsFire, AFenceAfterATakeoverIsLegal) {
  auto old = std::move(session);
  start();
  std::swap(old, session);
  EXPECT_EQ(insert(), Session::Outcome::kWorldError);
  EXPECT_TRUE(violations.empty());
  session.reset();
  session = std::move(old);
  EXPECT_EQ(insert(), Session::Outcome::kDone);
  expect_holds();
}

TEST_F(SessionsFire, AFetchForAPageThatIsOverwrittenInFull) {
  set_planted(Defect::kFetchBeforeFullWrite, true);
  run("INSERT INTO t(v) VALUES (?1)", {blob(20'000)});
  expect_violation("round-trip-budget@full-write");
}

TEST_F(SessionsFire, ATwinThatHasAnotherRow) {
  Twin& twin = *oracle->link(1, owner()).truth->twin;
  ASSERT_EQ(sqlite3_exec(twin.database(), "UPDATE t SET v = 'else'", nullptr, nullptr, nullptr),
            SQLITE_OK);
  run("SELECT id, v FROM t ORDER BY id");
  expect_violation("sql-twin@result");
}

TEST_F(SessionsFire, ADatabaseWithOtherContentThanTheTwin) {
  Twin& twin = *oracle->link(1, owner()).truth->twin;
  ASSERT_EQ(sqlite3_exec(twin.database(), "UPDATE t SET v = 'else'", nullptr, nullptr, nullptr),
            SQLITE_OK);
  oracle->check_stored();
  expect_violation("sql-twin@content");
}

TEST_F(SessionsFire, ACommitThatTheTwinRefuses) {
  answer<CommitRequest>([this](Request& request) -> CallResult {
    Twin& twin = *oracle->link(1, owner()).truth->twin;
    sqlite3_exec(twin.database(), "PRAGMA defer_foreign_keys=ON; PRAGMA foreign_keys=ON", nullptr,
                 nullptr, nullptr);
    sqlite3_commit_hook(
        twin.database(), [](void*) { return 1; }, nullptr);
    return transport->serve(request);
  });
  insert();
  expect_violation("sql-twin@landing");
}

TEST_F(SessionsFire, NothingThatADeadProcessMeets) {
  answer<CommitRequest>([this](Request&) -> CallResult {
    process_dead = true;
    return tl::unexpected(TransportError::kProcessDead);
  });
  EXPECT_EQ(insert(), Session::Outcome::kDead);
  session.reset();
  process_dead = false;
  transport->on_call = nullptr;
  start();
  run("SELECT id, v FROM t ORDER BY id");
  expect_holds();
}

// A reply is lost and the process dies: whether the commit landed decides what the next owner's
// twin holds.
TEST_F(SessionsFire, NothingWhenACommitOfUnknownOutcomeLands) {
  for (const bool lands : {true, false}) {
    answer<CommitRequest>([&](Request& request) -> CallResult {
      if (lands) static_cast<void>(transport->serve(request));
      return tl::unexpected(TransportError::kUnknown);
    });
    EXPECT_EQ(insert(), Session::Outcome::kWorldError);
    EXPECT_FALSE(session->usable());
    transport->on_call = nullptr;
    start();
    run("SELECT id, v FROM t ORDER BY id");
    expect_holds();
  }
}

TEST_F(SessionsFire, OnlyTheFirstViolationIsReported) {
  oracle->report(Invariant::kProgress, "client", "stuck");
  oracle->report(Invariant::kProgress, "client", "stuck again");
  answer<CommitRequest>([](Request&) -> CallResult { return error(ErrorCode::kFenced); });
  insert();
  expect_violation("progress@client");
}

}  // namespace
}  // namespace squall::sim::test_support
