// Each fault, alone and often: it fires, and the system holds. Each checkpoint of the engine
// pauses, fails and kills.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "scenarios/sql.h"
#include "scenarios/swarm.h"
#include "sim/run.h"

namespace squall::scenarios {
namespace {

using sim::Fault;
using sim::FaultInfo;
using sim::Plan;
using sim::RunResult;
using sim::site_id;
using sim::SiteId;

// Every step of the engine is taken: plain and staged commits, reads, compactions, takeovers,
// shrinks.
PlanBuilder busy_world(uint64_t seed) {
  using Kind = sim::ControlAction::Kind;
  PlanBuilder builder("faults-fire", seed);
  sim::Knobs& knobs = builder.plan().knobs;
  knobs.nodes = 2;
  knobs.hosts = 2;
  knobs.max_delta_bytes = 64 << 10;
  knobs.stage_chunk_bytes = 16 << 10;
  knobs.page_cache_pages = 2;
  knobs.sqlite_cache_pages = 4;
  knobs.preload_bytes = 4 << 10;
  knobs.compact_deltas = 6;
  knobs.compact_idle_ms = 200;
  knobs.request_timeout_ms = 1'000;
  builder.add_actors(2);
  for (ActorId actor = 1; actor <= 2; ++actor) {
    add_table(&builder, actor);
    add_rows(&builder, actor, 120, 700);
    const Draw draw = Draw(seed).part("actor", actor);
    for (uint32_t i = 0; i < 30; ++i) {
      const Draw row = draw.part("row", i);
      builder.add(actor, {update_row(&builder, row, row.between("id", 1, 120))});
      if (i == 12) builder.add(actor, {builder.statement("DELETE FROM t WHERE id>60")});
      if (i == 12) builder.add_vacuum(actor);
    }
    builder.add_control(Kind::kMove, actor, 8, 1'000).stop_delay_us = 50'000;
    builder.add_control(Kind::kRestart, actor, 20, 1'000);
    builder.add(actor, {select_all(&builder)});
  }
  return builder;
}

uint32_t rate_of(const FaultInfo& fault) {
  using enum sim::WorldSite;
  const bool rare_site = fault.sites.contains(site_id(kStartCommand)) ||
                         fault.sites.contains(site_id(kStopCommand)) ||
                         fault.sites.contains(site_id(kMachineStart));
  if (rare_site && !fault.sites.contains(site_id(kTransactionBegin))) return 400'000;
  if (fault.sites.contains(sim::kEngineSites)) return 2'000;
  return 30'000;
}

RunResult run(const Plan& plan) {
  sim::Runner runner;
  return runner.run(plan, {});
}

class EachFault : public testing::TestWithParam<FaultInfo> {};

TEST_P(EachFault, FiresAndTheSystemHolds) {
  uint64_t fired = 0;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    PlanBuilder builder = busy_world(seed);
    builder.plan().rates_ppm[static_cast<size_t>(GetParam().fault)] = rate_of(GetParam());
    const RunResult result = run(builder.plan());
    EXPECT_EQ(result.verdict, sim::Verdict::kHeld)
        << "seed " << seed << ": " << result.signature << ": " << result.message;
    fired += result.faults.at(std::string(GetParam().name));
  }
  EXPECT_GT(fired, 0u);
}

std::string fault_name(const testing::TestParamInfo<FaultInfo>& parameter) {
  std::string name(parameter.param.name);
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, EachFault,
                         testing::ValuesIn(sim::fault_table().begin(), sim::fault_table().end()),
                         fault_name);

class EachCheckpoint : public testing::TestWithParam<Fault> {};

TEST_P(EachCheckpoint, OfTheEngineIsReached) {
  for (SiteId site = 0; site < kSiteCount; ++site) {
    if (!applies(GetParam(), site)) continue;
    PlanBuilder builder = busy_world(site);
    sim::Strike strike;
    strike.fault = GetParam();
    strike.site = site;
    strike.parameter = 200'000;
    builder.plan().strikes.push_back(strike);
    const RunResult result = run(builder.plan());
    EXPECT_EQ(result.verdict, sim::Verdict::kHeld)
        << sim::site_name(site) << ": " << result.signature << ": " << result.message;
    const std::string name =
        std::string(info(GetParam()).name) + "@" + std::string(sim::site_name(site));
    EXPECT_TRUE(result.fault_sites.contains(name)) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, EachCheckpoint,
                         testing::Values(Fault::kPause, Fault::kFailStep, Fault::kCrashNode,
                                         Fault::kPauseNode, Fault::kCrashWorker),
                         [](const auto& fault) {
                           return fault_name({sim::info(fault.param), fault.index});
                         });

// What is decided about a task is not decided again about the one that takes its place after a
// restart.
TEST(Crashes, DoNotMeetTheSameTaskAfterEveryRestart) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    PlanBuilder builder = busy_world(seed);
    builder.plan().knobs.nodes = 1;
    builder.plan().rates_ppm[static_cast<size_t>(Fault::kCrashNode)] = 10'000;
    const RunResult result = run(builder.plan());
    std::set<std::string> met;
    for (const sim::Perturbation& row : result.fired) {
      if (row.entity.kind != sim::EntityKind::kCompaction) continue;
      const std::string task = to_string(row.entity) + "@" + std::string(sim::site_name(row.site));
      EXPECT_TRUE(met.insert(task).second) << "seed " << seed << ": " << task;
    }
  }
}

TEST(Crashes, MeetACommitWhereTheyAreOn) {
  size_t seeds_with_crashes = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Plan plan = make_swarm(seed);
    const auto rate = [&](Fault fault) { return plan.rates_ppm[static_cast<size_t>(fault)]; };
    if (rate(Fault::kCrashNode) == 0 && rate(Fault::kCrashHost) == 0) continue;
    ++seeds_with_crashes;
    const RunResult result = run(plan);
    const bool met =
        std::any_of(result.fired.begin(), result.fired.end(), [](const sim::Perturbation& row) {
          const bool in_commit = row.site <= site_id(Site::kCommitAfterWake) ||
                                 row.site == site_id(Site::kVfsBeforeCommitRequest) ||
                                 row.site == site_id(Site::kVfsAfterCommitReply);
          return in_commit && (row.fault == Fault::kCrashNode || row.fault == Fault::kCrashHost);
        });
    EXPECT_TRUE(met) << "seed " << seed;
  }
  EXPECT_GT(seeds_with_crashes, 15u);
}

// The whole story of a lost blob: an error, a quarantine that ends the faults early, and healing.
TEST(Storage, ALostBlobStopsItsActorOnlyUntilHealing) {
  uint64_t lost = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    PlanBuilder builder = busy_world(seed);
    sim::Strike strike;
    strike.fault = Fault::kLostBlob;
    strike.site = site_id(sim::WorldSite::kStoreBlobRead);
    strike.nth = 3;
    builder.plan().strikes.push_back(strike);
    const RunResult result = run(builder.plan());
    EXPECT_EQ(result.verdict, sim::Verdict::kHeld) << result.signature << ": " << result.message;
    EXPECT_LT(result.virtual_ms, 120'000);
    lost += result.faults.at("lost-blob");
  }
  EXPECT_EQ(lost, 8u);
}

}  // namespace
}  // namespace squall::scenarios
