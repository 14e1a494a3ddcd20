// Requests and replies are lost and store commits end in doubt, all the time: every commit is asked
// again under its id and lands once.
#include "scenarios/small_scenarios.h"
#include "scenarios/sql.h"

namespace squall::scenarios {

sim::Plan make_lost_replies(uint64_t seed) {
  const Draw draw(seed);
  PlanBuilder builder("lost-replies", seed);
  builder.plan().knobs.nodes = 2;
  builder.plan().knobs.request_timeout_ms = 500;
  builder.plan().knobs.commit_attempts = 16;
  builder.plan().knobs.vfs_profile = draw.between("profile", 0, 2);
  builder.add_actors(3);
  for (ActorId actor = 1; actor <= 3; ++actor) {
    add_table(&builder, actor);
    add_drawn_rows(&builder, draw, actor, 50, 100);
  }
  std::array<uint32_t, sim::kFaultCount>& rates = builder.plan().rates_ppm;
  rates[static_cast<size_t>(sim::Fault::kLoseRequest)] = 30'000;
  rates[static_cast<size_t>(sim::Fault::kLoseReply)] = 80'000;
  rates[static_cast<size_t>(sim::Fault::kStoreUnknownLanded)] = 50'000;
  rates[static_cast<size_t>(sim::Fault::kStoreUnknownLost)] = 30'000;
  rates[static_cast<size_t>(sim::Fault::kStoreLateLanding)] = 20'000;
  return builder.take();
}

}  // namespace squall::scenarios
