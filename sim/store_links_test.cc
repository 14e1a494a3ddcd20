#include "sim/store_links.h"

#include <gtest/gtest.h>

namespace squall::sim {
namespace {

Perturbation cut_of(Fault fault, int64_t for_us) {
  Perturbation perturbation;
  perturbation.fault = fault;
  perturbation.parameter = for_us;
  return perturbation;
}

ReadFate read_fate() {
  ReadFate fate;
  fate.wait_us = 10;
  return fate;
}

CommitFate commit_fate(CommitOutcome outcome = CommitOutcome::kNormal) {
  CommitFate fate;
  fate.outcome = outcome;
  fate.land_after_us = 10;
  fate.reply_after_us = 30;
  return fate;
}

// A commit that starts as such a cut begins.
CommitFate fate_after(Fault fault, int64_t for_us) {
  StoreLinks links(1);
  links.cut(0, cut_of(fault, for_us), 0);
  CommitFate fate = commit_fate();
  links.hold_up(0, 0, &fate);
  return fate;
}

TEST(StoreLinks, AReadWaitsUntilBothWaysAreMended) {
  for (const int64_t for_us : {5'000, 5'001}) {
    StoreLinks links(2);
    links.cut(1, cut_of(Fault::kStorePartitionOneWay, for_us), 100);
    ReadFate cut = read_fate();
    links.hold_up(1, 1'100, &cut);
    EXPECT_EQ(cut.wait_us, for_us - 1'000 + 10);
    ReadFate other = read_fate();
    links.hold_up(0, 1'100, &other);
    EXPECT_EQ(other.wait_us, 10);
    ReadFate later = read_fate();
    links.hold_up(1, 100 + for_us, &later);
    EXPECT_EQ(later.wait_us, 10);
  }
}

TEST(StoreLinks, ACommitPassesAShortCutLate) {
  const CommitFate fate = fate_after(Fault::kStorePartition, 1'000'000);
  EXPECT_EQ(fate.outcome, CommitOutcome::kNormal);
  EXPECT_EQ(fate.land_after_us, 1'000'010);
  EXPECT_EQ(fate.reply_after_us, 1'000'030);
}

TEST(StoreLinks, ACommitThatALongCutKeepsFromTheStoreIsLostAndNobodyCanSay) {
  const CommitFate fate = fate_after(Fault::kStorePartitionOneWay, 8'000'000);
  EXPECT_EQ(fate.outcome, CommitOutcome::kUnknownLost);
  EXPECT_EQ(fate.reply_after_us, 8'000'020);
}

TEST(StoreLinks, ACommitWhoseAnswerALongCutKeepsBackLandsAndNobodyCanSay) {
  const CommitFate fate = fate_after(Fault::kStorePartitionOneWay, 8'000'001);
  EXPECT_EQ(fate.outcome, CommitOutcome::kUnknownLanded);
  EXPECT_EQ(fate.land_after_us, 10);
  EXPECT_EQ(fate.reply_after_us, 8'000'021);
}

TEST(StoreLinks, WhatElseGoesWrongWithACommitStaysWhatItWas) {
  StoreLinks links(1);
  links.cut(0, cut_of(Fault::kStorePartition, 8'000'000), 0);
  CommitFate timed_out = commit_fate(CommitOutcome::kTimedOut);
  timed_out.land_after_us = 400;
  links.hold_up(0, 0, &timed_out);
  EXPECT_EQ(timed_out.outcome, CommitOutcome::kTimedOut);
  EXPECT_EQ(timed_out.land_after_us, 400);
  CommitFate refused = commit_fate(CommitOutcome::kSpuriousConflict);
  links.hold_up(0, 0, &refused);
  EXPECT_EQ(refused.outcome, CommitOutcome::kSpuriousConflict);
  EXPECT_GE(refused.reply_after_us, 8'000'000);
}

TEST(StoreLinks, MendingEndsEverything) {
  StoreLinks links(1);
  links.cut(0, cut_of(Fault::kStorePartition, 8'000'000), 0);
  links.mend();
  ReadFate fate = read_fate();
  links.hold_up(0, 0, &fate);
  EXPECT_EQ(fate.wait_us, 10);
}

}  // namespace
}  // namespace squall::sim
