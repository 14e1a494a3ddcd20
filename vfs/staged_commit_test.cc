#include "vfs/staged_commit.h"

#include <algorithm>
#include <vector>

#include "vfs/testing/session_fixture.h"

namespace squall::test_support {
namespace {

class StagedCommitTest : public ProfileTest {
 protected:
  void SetUp() override {
    VfsOptions small = options();
    small.max_delta_bytes = 64 << 10;
    small.stage_chunk_bytes = 32 << 10;
    process = start(1, small);
    ASSERT_TRUE(process->connection) << process->error.message;
  }
  // 200 rows of a page each, in one transaction.
  int insert() {
    return process->sql(
        "BEGIN; CREATE TABLE t(id INTEGER PRIMARY KEY, a); WITH RECURSIVE c(i) AS (SELECT 1 UNION "
        "ALL "
        "SELECT i+1 FROM c WHERE i<200) INSERT INTO t SELECT i, randomblob(4000) FROM c; COMMIT");
  }
  std::string found_by_the_next_process() {
    auto next = start();
    return next->query("SELECT count(*), sum(length(a)) FROM t; PRAGMA integrity_check");
  }
  std::unique_ptr<Process> process;
};
SQUALL_ALL_PROFILES(StagedCommitTest);

constexpr char kAllRows[] = "200|800000|ok|";

TEST_P(StagedCommitTest, ALargeTransactionIsOneCommitOfManyChunks) {
  EXPECT_EQ(insert(), SQLITE_OK) << process->vfs->last_error();
  EXPECT_EQ(engine.counts.commits, 1);
  EXPECT_EQ(process->vfs->statistics().staged_commits, 1u);
  EXPECT_GT(process->transport.requests, 25);
  EXPECT_EQ(process->vfs->head().head_txid, 1u);
  EXPECT_EQ(found_by_the_next_process(), kAllRows);
  EXPECT_EQ(process->query("SELECT count(*) FROM t"), "200|");
}

// A node's queue is bounded; one that is full refuses the rest, each time anew.
TEST_P(StagedCommitTest, NoMoreThanAQueueTakesIsSentWithoutWaiting) {
  VfsOptions page_by_page = options();
  page_by_page.max_delta_bytes = 64 << 10;
  page_by_page.stage_chunk_bytes = kPageSizeBytes;
  process = start(1, page_by_page);
  std::vector<bool> waited;
  process->transport.on_call = [&](bool waits) { waited.push_back(waits); };
  EXPECT_EQ(insert(), SQLITE_OK) << process->vfs->last_error();
  int unheard = 0;
  int most = 0;
  for (const bool waits : waited) {
    unheard = waits ? 0 : unheard + 1;
    most = std::max(most, unheard);
  }
  EXPECT_GT(waited.size(), 200u);
  EXPECT_GT(most, 16);
  EXPECT_LE(most, 32);
}

TEST_P(StagedCommitTest, AnEngineThatTakesLessIsServedInChunks) {
  process = start();
  engine.max_delta_bytes = 100'000;
  EXPECT_EQ(insert(), SQLITE_OK) << process->vfs->last_error();
  EXPECT_EQ(process->vfs->statistics().staged_commits, 1u);
  EXPECT_EQ(found_by_the_next_process(), kAllRows);
}

TEST_P(StagedCommitTest, ALostChunkMeansStagingAgain) {
  engine.lose_chunks = 2;
  EXPECT_EQ(insert(), SQLITE_OK) << process->vfs->last_error();
  EXPECT_EQ(engine.counts.commits, 1);
  EXPECT_EQ(found_by_the_next_process(), kAllRows);
}

TEST_P(StagedCommitTest, ChunksThatNeverArriveEndTheSession) {
  engine.lose_chunks = 1'000'000;
  EXPECT_EQ(insert(), SQLITE_IOERR);
  EXPECT_TRUE(process->vfs->dead());
  EXPECT_EQ(engine.counts.commits, 0);
}

TEST_P(StagedCommitTest, ALostFinalizeReplyAppliesOnce) {
  process->transport.spy = [this](const Request& request) {
    if (std::holds_alternative<FinalizeRequest>(request.body) && engine.counts.commits == 0) {
      process->transport.mishaps[process->transport.requests] = Mishap::kReplyLost;
    }
  };
  EXPECT_EQ(insert(), SQLITE_OK) << process->vfs->last_error();
  EXPECT_EQ(engine.counts.commits, 1);
  EXPECT_EQ(engine.counts.replays, 1);
}

TEST_P(StagedCommitTest, AQuotaRefusesItWhole) {
  engine.quota_pages = 20;
  EXPECT_EQ(insert(), SQLITE_FULL);
  EXPECT_FALSE(process->vfs->dead());
  EXPECT_EQ(process->query("SELECT count(*) FROM sqlite_schema"), "0|");
  EXPECT_EQ(process->sql("CREATE TABLE u(a)"), SQLITE_OK);
  EXPECT_EQ(process->query("PRAGMA integrity_check"), "ok|");
}

TEST_P(StagedCommitTest, AStageThatTakesNoMoreRefusesItWhole) {
  engine.most_chunks = 20;
  EXPECT_EQ(insert(), SQLITE_FULL);
  EXPECT_FALSE(process->vfs->dead());
  EXPECT_EQ(process->query("SELECT count(*) FROM sqlite_schema"), "0|");
  EXPECT_EQ(process->sql("CREATE TABLE u(a)"), SQLITE_OK);
}

TEST_P(StagedCommitTest, AFullStageAfterALostReplyLeavesTheOutcomeOpen) {
  engine.most_chunks = 20;
  process->transport.spy = [this](const Request& request) {
    if (std::holds_alternative<FinalizeRequest>(request.body) && process->transport.mishaps.empty())
      process->transport.mishaps[process->transport.requests] = Mishap::kReplyLost;
  };
  EXPECT_EQ(insert(), SQLITE_IOERR);
  EXPECT_TRUE(process->vfs->dead());
}

TEST_P(StagedCommitTest, ATakeoverInTheMiddleFencesIt) {
  process->transport.spy = [this, staged = 0](const Request& request) mutable {
    if (std::holds_alternative<StageRequest>(request.body) && ++staged == 5) {
      FakeRuntime runtime;
      FakeTransport transport(engine, runtime);
      ASSERT_TRUE(take_over(1, {9, 9}, {}, transport, runtime, {}));
    }
  };
  EXPECT_EQ(insert(), SQLITE_IOERR);
  EXPECT_EQ(process->vfs->last_error(), "fenced");
  EXPECT_EQ(engine.counts.commits, 0);
}

}  // namespace
}  // namespace squall::test_support
