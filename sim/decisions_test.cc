#include "sim/decisions.h"

#include <gtest/gtest.h>

namespace squall::sim {
namespace {

constexpr SiteId kSite = site_id(Site::kCommitAfterHeadRead);

Entity commit_of(ActorId actor, uint64_t transaction) {
  Entity entity;
  entity.kind = EntityKind::kTransaction;
  entity.actor = actor;
  entity.subject = transaction;
  entity.step = EntityStep::kCommit;
  return entity;
}

Plan plan_with(uint32_t pause_ppm) {
  Plan plan;
  plan.decision_key = 42;
  plan.rates_ppm[static_cast<size_t>(Fault::kPause)] = pause_ppm;
  return plan;
}

TEST(Decisions, ARateIsMetOverManyEntities) {
  Decisions decisions(plan_with(100'000));
  int paused = 0;
  for (uint64_t i = 1; i <= 20'000; ++i) {
    TaskContext context(commit_of(1, i));
    if (decisions.ask(kSite, context)) ++paused;
  }
  EXPECT_NEAR(paused, 2000, 200);
  EXPECT_EQ(decisions.count(Fault::kPause), static_cast<uint64_t>(paused));
}

TEST(Decisions, AnAnswerDoesNotDependOnWhoElseAsked) {
  Decisions alone(plan_with(500'000));
  Decisions crowded(plan_with(500'000));
  for (uint64_t i = 1; i <= 200; ++i) {
    TaskContext other(commit_of(2, i));
    crowded.ask(kSite, other);
    TaskContext a(commit_of(1, i));
    TaskContext b(commit_of(1, i));
    EXPECT_EQ(alone.ask(kSite, a), crowded.ask(kSite, b));
  }
}

TEST(Decisions, AReplayOfWhatFiredFiresTheSame) {
  Plan plan = plan_with(300'000);
  plan.strikes.push_back(
      Strike{.fault = Fault::kCrashNode, .site = kSite, .nth = 7, .parameter = 123});
  const auto run = [](const Plan& planned) {
    Decisions decisions(planned);
    for (uint64_t i = 1; i <= 100; ++i) {
      TaskContext context(commit_of(1, i));
      decisions.ask(kSite, context);
      decisions.ask(kSite, context);
    }
    return decisions.fired();
  };
  const std::vector<Perturbation> fired = run(plan);
  ASSERT_GT(fired.size(), 10u);
  Plan replayed = plan;
  replayed.mode = PlanMode::kReplay;
  replayed.perturbations = fired;
  EXPECT_EQ(run(replayed), fired);
}

TEST(Decisions, AStrikeFallsOnceOnTheNthThatItFits) {
  Plan plan;
  plan.strikes.push_back(Strike{.fault = Fault::kCrashNode, .site = kSite, .actor = 2, .nth = 3});
  Decisions decisions(plan);
  std::vector<uint64_t> struck;
  for (uint64_t i = 1; i <= 10; ++i) {
    for (const ActorId actor : {1, 2}) {
      TaskContext context(commit_of(actor, i));
      if (decisions.ask(kSite, context)) struck.push_back(actor * 100 + i);
    }
  }
  EXPECT_EQ(struck, std::vector<uint64_t>{203});
}

TEST(Decisions, NothingGoesWrongOnceFaultsHaveEnded) {
  Decisions decisions(plan_with(1'000'000));
  decisions.end_faults();
  TaskContext context(commit_of(1, 1));
  EXPECT_FALSE(decisions.ask(kSite, context));
}

TEST(Decisions, ParametersStayWithinTheFaultsRange) {
  for (uint64_t i = 0; i < 10'000; ++i) {
    const int64_t late_us = draw_parameter(Fault::kStoreLateLanding, keyed_hash(i));
    EXPECT_GE(late_us, 1'000);
    EXPECT_LE(late_us, 4'900'000);
  }
}

}  // namespace
}  // namespace squall::sim
