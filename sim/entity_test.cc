#include "sim/entity.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::sim {
namespace {

constexpr int kKinds = static_cast<int>(EntityKind::kTenant) + 1;
constexpr int kSteps = static_cast<int>(EntityStep::kFinalize) + 1;

Entity any_entity() {
  Entity entity;
  entity.actor = *rc::gen::arbitrary<uint64_t>();
  entity.subject = *rc::gen::arbitrary<uint64_t>();
  entity.kind = static_cast<EntityKind>(*rc::gen::inRange(0, kKinds));
  entity.step = static_cast<EntityStep>(*rc::gen::inRange(0, kSteps));
  entity.run = *rc::gen::arbitrary<uint16_t>();
  entity.attempt = *rc::gen::arbitrary<uint32_t>();
  return entity;
}

TEST(EntityTest, TextNamesThePathFromActorToAttempt) {
  const Entity entity{.actor = 2,
                      .subject = 7,
                      .kind = EntityKind::kTransaction,
                      .step = EntityStep::kCommit,
                      .attempt = 1};
  EXPECT_EQ(to_string(entity), "a2/t7.0/commit/1");
}

TEST(EntityTest, TextLeavesOutWhatIsNotThere) {
  EXPECT_EQ(to_string(Entity{}), "x0.0");
  EXPECT_EQ(to_string(Entity{.subject = 1, .kind = EntityKind::kHost}), "h1.0");
  EXPECT_EQ(to_string(Entity{.actor = 3, .subject = 40, .kind = EntityKind::kCompaction, .run = 2}),
            "a3/c40.2");
}

RC_GTEST_PROP(EntityTest, TextRoundTrips, ()) {
  const Entity entity = any_entity();
  const std::optional<Entity> parsed = parse_entity(to_string(entity));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == entity);
}

TEST(EntityTest, ParserRefusesEveryOtherText) {
  for (const char* text : {"",
                           "a",
                           "a2",
                           "a2/",
                           "t7",
                           "t7.",
                           "t.0",
                           "q1.0",
                           "a0/t7.0",
                           "a02/t7.0",
                           "t07.0",
                           "t7.0/",
                           "t7.0/commit",
                           "t7.0/commit/",
                           "t7.0/none/0",
                           "t7.0/commit/1/",
                           "t7.0/commit/01",
                           "t7.0/walk/1",
                           "t7.65536",
                           "t7.0/commit/4294967296",
                           "t18446744073709551616.0",
                           "t-1.0",
                           " t7.0",
                           "t7.0 ",
                           "T7.0"}) {
    EXPECT_FALSE(parse_entity(text).has_value()) << text;
  }
}

RC_GTEST_PROP(EntityTest, DifferentEntitiesHashDifferently, ()) {
  const Entity a = any_entity();
  Entity b = a;
  switch (*rc::gen::inRange(0, 5)) {
    case 0: b.actor ^= 1; break;
    case 1: b.subject ^= 1; break;
    case 2: b.run ^= 1; break;
    case 3: b.attempt ^= 1; break;
    default: b.step = static_cast<EntityStep>((static_cast<int>(b.step) + 1) % kSteps); break;
  }
  RC_ASSERT(a.hash() != b.hash());
}

// Seeds survive code changes only while this holds.
TEST(EntityTest, HashNeverChanges) {
  const Entity entity{.actor = 2,
                      .subject = 7,
                      .kind = EntityKind::kTransaction,
                      .step = EntityStep::kCommit,
                      .attempt = 1};
  EXPECT_EQ(entity.hash(), 16125308896887901376u);
}

}  // namespace
}  // namespace squall::sim
