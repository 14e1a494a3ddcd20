#include "sim/probes.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

namespace squall::sim {
namespace {

TEST(ProbeTable, HasARowForEachProbeAndNamesAreUnique) {
  std::set<std::string_view> names;
  ASSERT_EQ(probe_table().size(), kProbeCount);
  for (const ProbeInfo& row : probe_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos)
        << row.name;
    EXPECT_EQ(row.meaning.empty(), row.where == "pair") << row.name;
  }
}

TEST(ProbeTable, TriggersOfAllKnownBugsAreProbes) {
  std::set<int> bugs;
  for (const ProbeInfo& row : probe_table()) {
    std::istringstream numbers{std::string(row.bugs)};
    for (int number = 0; numbers >> number;) bugs.insert(number);
  }
  constexpr int kKnownBugs = 60;
  for (int number = 1; number <= kKnownBugs; ++number) {
    EXPECT_TRUE(bugs.contains(number))
        << "bug " << number << " is set off in no state that is watched for";
  }
}

class PairTest : public ::testing::Test {
 protected:
  uint64_t count(WorldProbe probe) const { return counts.counts()[probe_id(probe)]; }
  ProbeCounts counts;
};

TEST_F(PairTest, ALandingMeetsWhatIsServedForTheSameActor) {
  const UnderwayMark commit(counts, 1, Operation::kCommit);
  counts.landed(2, Landing::kTakeover, false);
  EXPECT_EQ(count(WorldProbe::kTakeoverLandsDuringCommit), 0u);
  counts.landed(1, Landing::kTakeover, false);
  EXPECT_EQ(count(WorldProbe::kTakeoverLandsDuringCommit), 1u);
}

TEST_F(PairTest, NothingMeetsItself) {
  const UnderwayMark own(counts, 1, Operation::kCompaction);
  counts.landed(1, Landing::kCompaction, false);
  EXPECT_EQ(count(WorldProbe::kCompactionLandsDuringCompaction), 0u);
  const UnderwayMark other(counts, 1, Operation::kCompaction);
  counts.landed(1, Landing::kCompaction, false);
  EXPECT_EQ(count(WorldProbe::kCompactionLandsDuringCompaction), 1u);
}

TEST_F(PairTest, WhatHasEndedMeetsNothing) {
  { const UnderwayMark read(counts, 1, Operation::kRead); }
  counts.landed(1, Landing::kCompaction, false);
  EXPECT_EQ(count(WorldProbe::kCompactionLandsDuringRead), 0u);
}

TEST_F(PairTest, ThreeMeet) {
  const UnderwayMark compaction(counts, 1, Operation::kCompaction);
  counts.landed(1, Landing::kTakeover, true);
  EXPECT_EQ(count(WorldProbe::kTakeoverLandsOverStage), 1u);
  EXPECT_EQ(count(WorldProbe::kTakeoverLandsOverStageDuringCompaction), 1u);
}

TEST_F(PairTest, AnActorChangesNodeWhenAnotherOneServesItsCommit) {
  counts.served(1, 0);
  counts.served(1, 0);
  counts.served(2, 1);
  EXPECT_EQ(count(WorldProbe::kActorChangesNode), 0u);
  counts.served(1, 1);
  EXPECT_EQ(count(WorldProbe::kActorChangesNode), 1u);
}

}  // namespace
}  // namespace squall::sim
