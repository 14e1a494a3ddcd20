#include "sim/oracle/cached_pages.h"

#include <gtest/gtest.h>

#include "sim/oracle/judge.h"
#include "sim/oracle/round_trip_budget.h"

namespace squall::sim {
namespace {

class CachedPagesTest : public testing::Test {
 protected:
  void SetUp() override { open(8); }
  void open(size_t capacity) {
    pages_.take_over({{1, pool_.zero()}, {3, pool_.zero()}, {30, pool_.zero()}}, 20, capacity);
    pages_.open();
  }
  void read(std::initializer_list<uint32_t> pgnos) {
    for (const uint32_t pgno : pgnos) pages_.read(pgno);
  }
  // What the budget says to a fetch of these pages.
  std::string judged(std::vector<uint32_t> pgnos) {
    SessionTruth truth(1, {1, 1}, nullptr);
    truth.took_over = true;
    truth.image->hashes.resize(20);
    truth.pending.reset(*truth.image);
    truth.cached = pages_;
    std::string fired;
    Judge judge([&](const Violation& violation) { fired = violation.signature(); });
    check_fetch(judge, truth, GetPagesRequest{std::move(pgnos)}, true);
    return fired;
  }

  PagePool pool_;
  CachedPages pages_;
};

TEST_F(CachedPagesTest, HoldsWhatTheTakeoverBroughtAndWhatCame) {
  EXPECT_TRUE(pages_.holds(1) && pages_.holds(3));
  EXPECT_FALSE(pages_.holds(30)) << "past the end";
  EXPECT_FALSE(pages_.holds(2));
  pages_.arrive(2);
  EXPECT_TRUE(pages_.holds(2));
  pages_.open();
  EXPECT_FALSE(pages_.holds(2)) << "another VFS";
  EXPECT_TRUE(pages_.holds(3));
}

TEST_F(CachedPagesTest, HoldsNothingPastACut) {
  pages_.cut(2);
  EXPECT_FALSE(pages_.holds(3));
  EXPECT_TRUE(pages_.holds(1));
}

TEST_F(CachedPagesTest, KnowsNothingOnceAPageMayHaveBeenEvicted) {
  open(2);
  EXPECT_TRUE(pages_.holds(1));
  pages_.arrive(3);
  EXPECT_TRUE(pages_.holds(1)) << "it was there already";
  pages_.arrive(4);
  EXPECT_FALSE(pages_.holds(1) || pages_.holds(4));
}

TEST_F(CachedPagesTest, AFetchOfAPageThatIsHeldIsReported) {
  EXPECT_EQ(judged({2}), "");
  EXPECT_EQ(judged({2, 3}), "round-trip-budget@cached");
}

TEST_F(CachedPagesTest, AFetchThatLeavesOutTheNextOfAStrideIsReported) {
  read({5, 7});
  EXPECT_EQ(judged({7}), "") << "two pages make no stride";
  read({9});
  EXPECT_EQ(judged({9, 11}), "");
  EXPECT_EQ(judged({9, 10}), "round-trip-budget@prefetch");
  pages_.arrive(11);
  EXPECT_EQ(judged({9}), "") << "it is there already";
  read({14, 19, 24});
  EXPECT_EQ(judged({19}), "") << "the end is near";
}

}  // namespace
}  // namespace squall::sim
