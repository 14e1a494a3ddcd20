#include "scenarios/draw.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <set>

namespace squall::scenarios {
namespace {

// Seeds survive code changes only while this holds.
TEST(DrawTest, AnswersNeverChange) {
  const Draw draw(7);
  EXPECT_EQ(draw.bits("actors"), 8202955357036977105u);
  EXPECT_EQ(draw.bits("actors", 1), 12131708931739159905u);
  EXPECT_EQ(draw.part("knobs").bits("actors"), 10883975984956732680u);
  EXPECT_EQ(draw.between("n", 0, 1'000'000), 137'318);
  EXPECT_EQ(draw.scaled("n", 1, 1'000'000), 6);
}

TEST(DrawTest, OtherDrawsChangeNothing) {
  const Draw draw(7);
  const uint64_t before = draw.bits("actors");
  const uint64_t before_in_part = draw.part("knobs").bits("hosts");
  for (uint64_t i = 0; i < 100; ++i) {
    draw.bits("new", i);
    draw.part("knobs").bits("new", i);
    draw.part("new", i).bits("hosts");
  }
  EXPECT_EQ(draw.bits("actors"), before);
  EXPECT_EQ(draw.part("knobs").bits("hosts"), before_in_part);
}

TEST(DrawTest, NamesIndicesPartsAndSeedsAllMatter) {
  std::set<uint64_t> answers;
  for (const uint64_t seed : {1, 2}) {
    const Draw draw(seed);
    for (const char* name : {"a", "b", "ab", ""}) {
      for (const uint64_t index : {0, 1, 2}) {
        answers.insert(draw.bits(name, index));
        answers.insert(draw.part(name, index).bits(name, index));
      }
    }
  }
  EXPECT_EQ(answers.size(), 48u);
}

RC_GTEST_PROP(DrawTest, RangesHold, (uint64_t seed, uint32_t width)) {
  const int64_t least = *rc::gen::inRange<int64_t>(1, 1'000'000);
  const int64_t most = least + width;
  const Draw draw(seed);
  const int64_t flat = draw.between("flat", least, most);
  RC_ASSERT(flat >= least && flat <= most);
  const int64_t scaled = draw.scaled("scaled", least, most);
  RC_ASSERT(scaled >= least && scaled <= most);
}

TEST(DrawTest, EveryChoiceComes) {
  std::set<int> picked;
  std::array<int, 2> chances{};
  for (uint64_t i = 0; i < 200; ++i) {
    picked.insert(Draw(i).pick<int>("pick", {1, 2, 3, 4}));
    ++chances[Draw(i).percent("percent", 50) ? 1 : 0];
  }
  EXPECT_EQ(picked.size(), 4u);
  EXPECT_GT(chances[0], 60);
  EXPECT_GT(chances[1], 60);
  EXPECT_FALSE(Draw(1).percent("never", 0));
  EXPECT_TRUE(Draw(1).percent("always", 100));
}

}  // namespace
}  // namespace squall::scenarios
