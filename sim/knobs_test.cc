#include "sim/knobs.h"

#include <gtest/gtest.h>

#include <set>

namespace squall::sim {
namespace {

TEST(KnobsTest, TableHasOneRowForEachKnob) {
  EXPECT_EQ(knob_table().size() * sizeof(int64_t), sizeof(Knobs));
  std::set<std::string_view> names;
  Knobs knobs;
  std::set<const int64_t*> members;
  for (const KnobInfo& row : knob_table()) {
    names.insert(row.name);
    members.insert(&(knobs.*row.member));
    EXPECT_FALSE(row.description.empty()) << row.name;
  }
  EXPECT_EQ(names.size(), knob_table().size());
  EXPECT_EQ(members.size(), knob_table().size());
}

TEST(KnobsTest, DefaultsLieWithinTheirRanges) {
  const Knobs knobs;
  for (const KnobInfo& row : knob_table()) {
    EXPECT_LE(row.least, knobs.*row.member) << row.name;
    EXPECT_GE(row.most, knobs.*row.member) << row.name;
  }
}

}  // namespace
}  // namespace squall::sim
