// A killed process must leave nothing behind, wherever it stood. Under LeakSanitizer this test also
// proves that the unwinding of a thousand processes, SQLite's frames among them, frees everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "sim/run.h"

namespace squall::sim {
namespace {

Plan busy_plan(uint64_t seed) {
  Plan plan;
  plan.scenario = "kill-test";
  plan.seed = seed;
  plan.decision_key = seed;
  plan.jitter_key = seed;
  plan.knobs.nodes = 2;
  plan.knobs.compact_deltas = 4;
  plan.knobs.compact_takeover_deltas = 4;
  plan.knobs.request_timeout_ms = 500;
  plan.workload.sql = {{"CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v BLOB)"},
                       {"INSERT INTO t(v) VALUES (?1)"}};
  for (ActorId actor = 1; actor <= 3; ++actor) {
    ActorScript script;
    script.actor = actor;
    for (uint32_t id = 1; id <= 30; ++id) {
      Transaction transaction;
      transaction.id = id;
      transaction.close_before = id % 7 == 0;
      transaction.statements.push_back({0, {}});
      transaction.statements.push_back({1, {{Parameter::Kind::kRandom, 0, 3000, id}}});
      script.transactions.push_back(transaction);
    }
    plan.workload.actors.push_back(script);
  }
  plan.rates_ppm[static_cast<size_t>(Fault::kCrashNode)] = 12'000;
  plan.rates_ppm[static_cast<size_t>(Fault::kCrashHost)] = 12'000;
  return plan;
}

struct Kills {
  int all = 0;
  int commit = 0;
  int open = 0;
  int takeover = 0;
  int compaction = 0;

  void count(const Perturbation& fired) {
    const std::string_view site = site_name(fired.site);
    ++all;
    if (site.starts_with("commit-") || fired.entity.step == EntityStep::kCommit) ++commit;
    if (site.starts_with("takeover-")) ++takeover;
    if (site.starts_with("compact-")) ++compaction;
    if (fired.fault == Fault::kCrashHost && fired.entity.kind == EntityKind::kStart) ++open;
  }
  int least() const { return std::min({commit, open, takeover, compaction}); }
};

TEST(Kill, AThousandKillsLeaveNothingBehind) {
  Runner runner;
  Kills kills;
  for (uint64_t seed = 1; seed <= 2000 && (kills.all < 1000 || kills.least() < 100); ++seed) {
    const RunResult result = runner.run(busy_plan(seed), RunOptions{});
    ASSERT_EQ(result.verdict, Verdict::kHeld) << "seed " << seed << ": " << result.message;
    for (const Perturbation& fired : result.fired) kills.count(fired);
  }
  EXPECT_GE(kills.all, 1000);
  EXPECT_GE(kills.commit, 100);
  EXPECT_GE(kills.open, 100);
  EXPECT_GE(kills.takeover, 100);
  EXPECT_GE(kills.compaction, 100);
}

}  // namespace
}  // namespace squall::sim
