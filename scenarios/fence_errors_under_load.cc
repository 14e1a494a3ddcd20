// The original's open question: under heavy concurrent load, actors got fence errors that tests of
// the engine alone never showed. Many actors on few hosts, whose connections drop all the time;
// each reconnect replays every start command that nobody has acked yet, mostly to another node. A
// replay changes nothing, so nobody is fenced.
//
// With defect 22 planted, a node takes the replay for a takeover: the run tells which command came
// again, which generation moved and who is fenced.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_fence_errors_under_load(uint64_t seed) {
  constexpr ActorId kActors = 6;
  const Draw draw(seed);
  PlanBuilder builder("fence-errors-under-load", seed);
  builder.plan().knobs.hosts = 2;
  builder.plan().knobs.nodes = 3;
  builder.plan().knobs.request_timeout_ms = 500;
  builder.plan().knobs.commit_attempts = 16;
  builder.plan().knobs.compact_deltas = 16;
  builder.add_actors(kActors);
  for (ActorId actor = 1; actor <= kActors; ++actor) {
    add_table(&builder, actor);
    add_drawn_rows(&builder, draw, actor, 40, 200);
  }
  std::array<uint32_t, sim::kFaultCount>& rates = builder.plan().rates_ppm;
  rates[static_cast<size_t>(sim::Fault::kLoseRequest)] = 15'000;
  rates[static_cast<size_t>(sim::Fault::kLoseReply)] = 15'000;
  rates[static_cast<size_t>(sim::Fault::kSlowMessage)] = 20'000;
  return builder.take();
}

}  // namespace squall::scenarios
