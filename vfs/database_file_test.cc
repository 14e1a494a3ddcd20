#include "vfs/database_file.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "vfs/testing/fake_engine.h"
#include "vfs/testing/fake_world.h"

namespace squall::test_support {
namespace {

// A database of five pages at the engine, page n filled with the digit n.
class DatabaseFileTest : public ::testing::Test {
 protected:
  DatabaseFileTest() {
    FakeActor& actor = engine.actor(1);
    actor.owner = {1, 1};
    actor.head = {1, 10, 5};
    for (uint32_t pgno = 1; pgno <= 5; ++pgno)
      actor.pages[pgno] = page(static_cast<char>('0' + pgno));
    options.prefetch = false;
  }

  PageRef page(char fill) { return pool.copy(std::string(kPageSizeBytes, fill).data()); }
  std::unique_ptr<DatabaseFile> open() {
    SessionStart start{1, {1, 1}, engine.actor(1).head, {}};
    return std::make_unique<DatabaseFile>(options, start, transport, runtime, pool);
  }
  static int64_t at(uint32_t pgno) { return (int64_t{pgno} - 1) * kPageSizeBytes; }
  static char first_byte(DatabaseFile& file, uint32_t pgno) {
    std::string bytes(kPageSizeBytes, '?');
    file.read(bytes.data(), kPageSizeBytes, at(pgno));
    return bytes[0] == '\0' ? '0' : bytes[0];
  }
  static int put(DatabaseFile& file, uint32_t pgno, char fill) {
    return file.write(std::string(kPageSizeBytes, fill).data(), kPageSizeBytes, at(pgno));
  }
  char engine_byte(uint32_t pgno) {
    const char byte = engine.actor(1).pages.at(pgno).data()[0];
    return byte == '\0' ? '0' : byte;
  }

  PagePool pool;
  FakeEngine engine{pool};
  FakeRuntime runtime;
  FakeTransport transport{engine, runtime};
  VfsOptions options;
};

TEST_F(DatabaseFileTest, ReadsAcrossPagesAndFillsPastTheEndWithZeros) {
  auto file = open();
  std::string bytes(6, '?');
  EXPECT_EQ(file->read(bytes.data(), 6, at(3) - 2), SQLITE_OK);
  EXPECT_EQ(bytes, "223333");
  EXPECT_EQ(file->read(bytes.data(), 6, at(6) - 2), SQLITE_IOERR_SHORT_READ);
  EXPECT_EQ(bytes, std::string("55\0\0\0\0", 6));
  EXPECT_EQ(file->read(bytes.data(), 6, at(900)), SQLITE_IOERR_SHORT_READ);
  EXPECT_EQ(bytes, std::string(6, '\0'));
  EXPECT_FALSE(file->dead());
}

TEST_F(DatabaseFileTest, AFullPageWriteFetchesNothingAPartialOneItsPage) {
  auto file = open();
  file->begin_atomic();
  EXPECT_EQ(put(*file, 2, 'x'), SQLITE_OK);
  EXPECT_EQ(put(*file, 6, 'y'), SQLITE_OK);
  EXPECT_EQ(file->write("z", 1, at(7) + 1), SQLITE_OK);
  EXPECT_EQ(engine.counts.page_requests, 0);
  EXPECT_EQ(file->write("ab", 2, at(4) - 1), SQLITE_OK);
  EXPECT_EQ(engine.counts.page_requests, 2);
  std::string bytes(4, '?');
  EXPECT_EQ(file->read(bytes.data(), 4, at(4) - 2), SQLITE_OK);
  EXPECT_EQ(bytes, "3ab4");
  EXPECT_EQ(file->size_bytes(), at(8));
}

TEST_F(DatabaseFileTest, ARolledBackBatchLeavesNoTrace) {
  auto file = open();
  file->begin_atomic();
  put(*file, 2, 'x');
  put(*file, 9, 'y');
  file->truncate(at(2));
  file->rollback_atomic();
  EXPECT_EQ(file->size_bytes(), at(6));
  for (uint32_t pgno = 1; pgno <= 5; ++pgno)
    EXPECT_EQ(first_byte(*file, pgno), '0' + static_cast<char>(pgno));
  file->begin_atomic();
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, 0);
}

TEST_F(DatabaseFileTest, AnEmptyBatchStaysHere) {
  auto file = open();
  file->begin_atomic();
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK);
  EXPECT_EQ(file->sync(), SQLITE_OK);
  EXPECT_EQ(transport.requests, 0);
  EXPECT_EQ(file->statistics().empty_commits, 1u);
}

TEST_F(DatabaseFileTest, GrowthCarriesEveryNewPage) {
  auto file = open();
  file->begin_atomic();
  put(*file, 9, 'x');
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK) << file->last_error();
  EXPECT_EQ(engine.actor(1).head.size_pages, 9u);
  EXPECT_EQ(engine.counts.largest_commit_pages, 4);
  EXPECT_EQ(engine_byte(7), '0');
  EXPECT_EQ(first_byte(*file, 7), '0');
  EXPECT_EQ(engine.counts.page_requests, 0);
}

TEST_F(DatabaseFileTest, ShrinkAndRegrowthInOneCommitShowNoOldBytes) {
  auto file = open();
  EXPECT_EQ(first_byte(*file, 4), '4');
  file->begin_atomic();
  file->truncate(at(3));
  put(*file, 5, 'x');
  EXPECT_EQ(first_byte(*file, 4), '0');
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK) << file->last_error();
  EXPECT_EQ(engine_byte(3), '0');
  EXPECT_EQ(engine_byte(4), '0');
  EXPECT_EQ(engine_byte(5), 'x');
  EXPECT_EQ(first_byte(*file, 4), '0');
}

TEST_F(DatabaseFileTest, ATruncateOutsideABatchGoesWithTheNextCommit) {
  auto file = open();
  EXPECT_EQ(first_byte(*file, 5), '5');
  file->truncate(at(4));
  EXPECT_EQ(file->sync(), SQLITE_OK);
  EXPECT_EQ(engine.actor(1).head.size_pages, 5u);
  file->begin_atomic();
  put(*file, 2, 'x');
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK);
  EXPECT_EQ(engine.actor(1).head.size_pages, 3u);
  file->begin_atomic();
  put(*file, 6, 'y');
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK);
  EXPECT_EQ(first_byte(*file, 5), '0');
}

TEST_F(DatabaseFileTest, TheCommittedSizeIsTheOneThatPage1States) {
  auto file = open();
  std::string page_1(kPageSizeBytes, '\0');
  page_1[31] = 3;
  file->begin_atomic();
  file->write(page_1.data(), kPageSizeBytes, 0);
  put(*file, 5, 'x');
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK);
  EXPECT_EQ(engine.actor(1).head.size_pages, 3u);
  EXPECT_EQ(file->size_bytes(), at(4));

  page_1[31] = 2;
  page_1[27] = 1;  // the change counter no longer agrees: the statement is stale
  file->begin_atomic();
  file->write(page_1.data(), kPageSizeBytes, 0);
  EXPECT_EQ(file->commit_atomic(), SQLITE_OK);
  EXPECT_EQ(engine.actor(1).head.size_pages, 3u);
}

TEST_F(DatabaseFileTest, TheDefaultProfileDiesOfAWriteOutsideABatch) {
  auto file = open();
  EXPECT_EQ(put(*file, 2, 'x'), SQLITE_IOERR_WRITE);
  EXPECT_TRUE(file->dead());
  EXPECT_EQ(file->sync(), SQLITE_IOERR_FSYNC);
  EXPECT_EQ(engine.counts.commits, 0);
}

TEST_F(DatabaseFileTest, TheFallbackCommitsInTheSync) {
  options.profile = Profile::kFallback;
  auto file = open();
  put(*file, 2, 'x');
  put(*file, 6, 'y');
  EXPECT_EQ(engine.counts.commits, 0);
  EXPECT_EQ(file->sync(), SQLITE_OK);
  EXPECT_EQ(file->sync(), SQLITE_OK);
  EXPECT_EQ(engine.counts.commits, 1);
  EXPECT_EQ(engine_byte(6), 'y');
}

TEST_F(DatabaseFileTest, ClosingCommitsNothing) {
  options.profile = Profile::kFallback;
  auto file = open();
  put(*file, 2, 'x');
  put(*file, 7, 'x');
  file->discard_uncommitted();
  EXPECT_EQ(engine.counts.commits, 0);
  EXPECT_EQ(file->size_bytes(), at(6));
  EXPECT_EQ(first_byte(*file, 2), '2');
}

TEST_F(DatabaseFileTest, ReadingAlongAStrideFetchesAhead) {
  options.prefetch = true;
  FakeActor& actor = engine.actor(1);
  for (uint32_t pgno = 6; pgno <= 40; ++pgno) actor.pages[pgno] = page('p');
  actor.head.size_pages = 40;
  auto file = open();
  for (uint32_t pgno = 1; pgno <= 40; ++pgno) first_byte(*file, pgno);
  EXPECT_LE(engine.counts.page_requests, 6);
  EXPECT_EQ(engine.counts.pages_sent, 40);
  EXPECT_FALSE(file->dead());
}

TEST_F(DatabaseFileTest, AReplyForAnotherHeadKillsTheSession) {
  auto file = open();
  engine.actor(1).head.head_txid = 11;
  char byte;
  EXPECT_EQ(file->read(&byte, 1, 0), SQLITE_IOERR_READ);
  EXPECT_TRUE(file->dead());
  EXPECT_NE(file->last_error().find("head 11"), std::string::npos) << file->last_error();
}

TEST_F(DatabaseFileTest, ACorruptPageKillsTheSessionAndIsNamed) {
  auto file = open();
  engine.corrupt_pages = {3};
  EXPECT_EQ(first_byte(*file, 2), '2');
  char byte;
  EXPECT_EQ(file->read(&byte, 1, at(3)), SQLITE_IOERR_READ);
  EXPECT_EQ(file->last_error(), "page 3 is corrupt");
  engine.corrupt_pages.clear();
  EXPECT_EQ(file->read(&byte, 1, at(3)), SQLITE_IOERR_READ);
  EXPECT_EQ(file->read(&byte, 1, at(2)), SQLITE_IOERR_READ);
}

TEST_F(DatabaseFileTest, AReadIsAskedAgainUntilItIsAnswered) {
  auto file = open();
  transport.mishaps = {
      {1, Mishap::kRequestLost}, {2, Mishap::kReplyLost}, {3, Mishap::kUnavailable}};
  EXPECT_EQ(first_byte(*file, 2), '2');
  EXPECT_EQ(file->statistics().retries, 3u);
  runtime.fail_site = {{Site::kVfsBeforeFetch, 1}};
  char byte;
  EXPECT_EQ(file->read(&byte, 1, at(3)), SQLITE_IOERR_READ);
  EXPECT_TRUE(file->dead());
}

}  // namespace
}  // namespace squall::test_support
