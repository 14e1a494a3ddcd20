// One run of the whole system: a plan in, a result out. Same plan, same result, in any process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/plan.h"
#include "sim/run_result.h"

namespace squall::sim {

struct RunOptions {
  // Each event as one line of text; costs nothing when null.
  std::function<void(std::string_view line)> trace;
  // Each event's number and the rolling hash after it; for finding where two runs part.
  std::function<void(uint64_t event, uint64_t hash)> hash_trace;
  // Takes each place at which a fault could have struck, in order, its fault left open; null:
  // nobody wants them.
  std::vector<Perturbation>* points = nullptr;
  // For the tests of `squall determinism`: added to the latency of each message. Costs nothing when
  // null.
  std::function<int64_t()> planted_latency_us;
  uint64_t max_events = 50'000'000;
  double max_cpu_s = 120;  // the watchdog; both end the run with Verdict::kError
};

// Keeps what is worth keeping between runs (fiber stacks, page memory); nothing that a run could
// notice.
class Runner {
 public:
  Runner();
  ~Runner();
  RunResult run(const Plan& plan, const RunOptions& options);

 private:
  struct Pools;
  std::unique_ptr<Pools> pools_;
};

}  // namespace squall::sim
