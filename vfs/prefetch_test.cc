#include "vfs/prefetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace squall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<uint32_t> after(std::initializer_list<uint32_t> read, uint32_t size_pages) {
  PrefetchPredictor predictor;
  for (uint32_t pgno : read) predictor.record(pgno);
  std::vector<uint32_t> predicted;
  predictor.predict(size_pages, &predicted);
  return predicted;
}

TEST(Prefetch, FollowsAStrideToTheEndOfTheDatabase) {
  EXPECT_THAT(after({5, 8, 11, 14}, 23), ElementsAre(17, 20, 23));
  EXPECT_THAT(after({5, 8, 11, 14}, 22), ElementsAre(17, 20));
}

TEST(Prefetch, TakesAtMostSixteenPages) { EXPECT_THAT(after({1, 2, 3}, 1000), SizeIs(16)); }

TEST(Prefetch, PredictsNothingFromASingleStep) {
  EXPECT_THAT(after({}, 100), IsEmpty());
  EXPECT_THAT(after({7}, 100), IsEmpty());
  EXPECT_THAT(after({7, 9}, 100), IsEmpty());
}

TEST(Prefetch, ChainsStepsThatFollowedEachOther) {
  // +1 +4 +1 +4 …: after a +4 comes a +1.
  EXPECT_THAT(after({1, 2, 6, 7, 11, 12, 16}, 27), ElementsAre(17, 21, 22, 26, 27));
}

TEST(Prefetch, NeverLeavesTheDatabaseDownwards) {
  EXPECT_THAT(after({9, 7, 5, 3}, 100), ElementsAre(1));
}

}  // namespace
}  // namespace squall
