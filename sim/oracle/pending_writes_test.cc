#include "sim/oracle/pending_writes.h"

#include <gtest/gtest.h>

#include <string>

namespace squall::sim {
namespace {

std::string page_of(char fill) { return std::string(kPageSizeBytes, fill); }

PageImage image_of(const std::string& fills) {
  PageImage image;
  for (const char fill : fills) image.hashes.push_back(hash_page(page_of(fill).data()));
  return image;
}

class PendingWritesTest : public ::testing::Test {
 protected:
  void SetUp() override { pending.reset(base); }
  void write(uint32_t pgno, char fill) { pending.write(pgno, page_of(fill).data()); }
  void expect(uint32_t pgno, char fill) {
    EXPECT_EQ(pending.expected(base, pgno), hash_page(page_of(fill).data())) << "page " << pgno;
  }
  PageImage base = image_of("abc");
  PendingWrites pending;
};

TEST_F(PendingWritesTest, AReadSeesTheImageUnlessThePageWasWrittenSince) {
  write(2, 'x');
  expect(1, 'a');
  expect(2, 'x');
  expect(3, 'c');
}

TEST_F(PendingWritesTest, PagesStayInOrderWhicheverWayTheyAreWritten) {
  for (const uint32_t pgno : {3u, 1u, 2u, 1u}) write(pgno, 'x');
  ASSERT_EQ(pending.pages().size(), 3u);
  for (uint32_t i = 0; i < 3; ++i) EXPECT_EQ(pending.pages()[i].pgno, i + 1);
}

TEST_F(PendingWritesTest, ARefusalCountsForWhatWasWrittenBeforeIt) {
  EXPECT_TRUE(pending.all_refused());
  write(2, 'x');
  EXPECT_FALSE(pending.all_refused());
  pending.note_refusal();
  EXPECT_TRUE(pending.all_refused());
  write(2, 'y');
  EXPECT_FALSE(pending.all_refused());
  pending.note_refusal();
  pending.write_unknown(3);
  EXPECT_FALSE(pending.all_refused());
  pending.note_refusal();
  pending.reset(base);
  write(1, 'x');
  EXPECT_FALSE(pending.all_refused());
}

TEST_F(PendingWritesTest, GrowthReadsAsZerosWhereNothingWasWritten) {
  write(6, 'x');
  EXPECT_EQ(pending.size_pages(), 6u);
  EXPECT_EQ(pending.expected(base, 4), zero_page_hash());
  expect(6, 'x');
}

TEST_F(PendingWritesTest, OldPagesDoNotComeBackAfterShrinkAndRegrowth) {
  pending.truncate(1);
  write(3, 'x');
  expect(1, 'a');
  EXPECT_EQ(pending.expected(base, 2), zero_page_hash());
  EXPECT_EQ(pending.low_water_pages(), 1u);
}

TEST_F(PendingWritesTest, ATruncateDropsWhatWasWrittenPastIt) {
  write(3, 'x');
  write(5, 'y');
  pending.truncate(3);
  ASSERT_EQ(pending.pages().size(), 1u);
  EXPECT_EQ(pending.size_pages(), 3u);
}

TEST_F(PendingWritesTest, TheHeaderFollowsPageOne) {
  write(1, 'h');
  EXPECT_EQ(pending.header()[28], 'h');
  pending.reset(base);
  EXPECT_EQ(pending.header()[28], 0);
}

TEST_F(PendingWritesTest, APageOfTheVfssOwnMakingIsNotJudged) {
  const PageImage empty;
  pending.reset(empty);
  pending.assume_fresh_page();
  EXPECT_EQ(pending.size_pages(), 1u);
  EXPECT_EQ(pending.expected(empty, 1), kUnknownPage);
  write(1, 'x');
  EXPECT_EQ(pending.expected(empty, 1), hash_page(page_of('x').data()));
}

}  // namespace
}  // namespace squall::sim
