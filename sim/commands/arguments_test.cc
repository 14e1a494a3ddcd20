#include "sim/commands/arguments.h"

#include <gtest/gtest.h>

namespace squall::commands {
namespace {

TEST(Arguments, SeedsGoFromOneToTheLargestJsonNumber) {
  EXPECT_EQ(parse_seed("1"), 1u);
  EXPECT_EQ(parse_seed("9007199254740991"), kMaxSeed);
  for (const char* text : {"", "0", "-1", "+1", " 1", "1 ", "1.0", "0x1", "9007199254740992",
                           "18446744073709551617"}) {
    EXPECT_FALSE(parse_seed(text).has_value()) << text;
  }
}

TEST(Arguments, SeedRangesIncludeBothEnds) {
  EXPECT_EQ(parse_seed_range("1..1000"), (SeedRange{1, 1000}));
  EXPECT_EQ(parse_seed_range("1..1000")->size(), 1000u);
  EXPECT_EQ(parse_seed_range("7"), (SeedRange{7, 7}));
  EXPECT_EQ(parse_seed_range("1..9007199254740991"), (SeedRange{1, kMaxSeed}));
  for (const char* text :
       {"", "..", "1..", "..5", "5..4", "0..5", "1...5", "1-5", "1..9007199254740992", "1..2..3"}) {
    EXPECT_FALSE(parse_seed_range(text).has_value()) << text;
  }
}

TEST(Arguments, ShardsPartTheSeeds) {
  for (const char* text : {"", "0/2", "3/2", "1/0", "1", "/2", "1/", "-1/2", "a/b"}) {
    EXPECT_FALSE(parse_shard(text).has_value()) << text;
  }
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    int holders = 0;
    for (const char* text : {"1/3", "2/3", "3/3"}) holders += parse_shard(text)->holds(seed);
    EXPECT_EQ(holders, 1) << seed;
  }
}

TEST(Arguments, DurationsHaveAUnit) {
  EXPECT_EQ(parse_duration_s("60s"), 60);
  EXPECT_EQ(parse_duration_s("10m"), 600);
  EXPECT_EQ(parse_duration_s("2h"), 7200);
  for (const char* text :
       {"", "60", "s", "0s", "-1s", "1d", "1.5m", "1001h", "99999999999999999999s"}) {
    EXPECT_FALSE(parse_duration_s(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace squall::commands
