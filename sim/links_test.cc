#include "sim/links.h"

#include <gtest/gtest.h>

namespace squall::sim {
namespace {

using Way = Links::Way;

TEST(Links, ACutHoldsMessagesUpInItsDirectionOnly) {
  Links links(2, 3);
  links.cut(1, 2, Way::kToNode, 5'000);
  EXPECT_EQ(links.delay_us(1, 2, Way::kToNode, 1'000, 10), 4'010);
  EXPECT_EQ(links.delay_us(1, 2, Way::kToHost, 1'000, 10), 10);
  EXPECT_EQ(links.delay_us(1, 1, Way::kToNode, 1'000, 10), 10);
  EXPECT_EQ(links.delay_us(0, 2, Way::kToNode, 1'000, 10), 10);
}

TEST(Links, ALinkIsCutUntilTheLastOfItsCutsIsOver) {
  Links links(1, 1);
  links.cut(0, 0, Way::kToNode, 5'000);
  links.cut(0, 0, Way::kToHost, 7'000);
  links.cut(0, 0, Way::kToHost, 2'000);
  EXPECT_TRUE(links.is_cut(0, 0, 6'999));
  EXPECT_FALSE(links.is_cut(0, 0, 7'000));
}

TEST(Links, ASlowLinkTakesLongerForAWhile) {
  Links links(1, 2);
  links.slow_down(0, 1, 1'000);
  EXPECT_EQ(links.delay_us(0, 1, Way::kToHost, 999, 10), 200);
  EXPECT_EQ(links.delay_us(0, 1, Way::kToHost, 1'000, 10), 10);
  EXPECT_EQ(links.delay_us(0, 0, Way::kToHost, 999, 10), 10);
  EXPECT_FALSE(links.is_cut(0, 1, 500));
}

TEST(Links, MendingEndsEverything) {
  Links links(1, 1);
  links.cut(0, 0, Way::kToNode, 5'000);
  links.slow_down(0, 0, 5'000);
  links.mend();
  EXPECT_FALSE(links.is_cut(0, 0, 0));
  EXPECT_EQ(links.delay_us(0, 0, Way::kToNode, 0, 10), 10);
}

}  // namespace
}  // namespace squall::sim
