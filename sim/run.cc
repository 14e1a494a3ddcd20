#include "sim/run.h"

#include "sim/sqlite_memory.h"
#include "sim/world.h"

namespace squall::sim {

struct Runner::Pools {
  StackPool stacks;
  PagePool pages;
};

Runner::Runner() : pools_(std::make_unique<Pools>()) { hook_sqlite_memory(); }
Runner::~Runner() = default;

RunResult Runner::run(const Plan& plan, const RunOptions& options) {
  World world(plan, options, pools_->stacks, pools_->pages);
  return world.run();
}

}  // namespace squall::sim
