// What every part of the world is handed: the loop, the decisions, the trace and the seed's
// latencies. Owned by the World; lives as long as the run.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/decisions.h"
#include "sim/latency.h"
#include "sim/links.h"
#include "sim/plan.h"
#include "sim/probes.h"
#include "sim/scheduler.h"
#include "sim/trace.h"

namespace squall::sim {

struct Core {
  const Plan& plan;
  Scheduler& scheduler;
  Decisions& decisions;
  Trace& trace;
  LatencyModel latency;
  ProbeCounts& probes;
  Links& links;
  // Of RunOptions: planted nondeterminism, null but in the tests of it.
  const std::function<int64_t()>& planted_latency_us;
};

// Tells the trace that something goes wrong.
void trace_fault(const Core& core, const Perturbation& perturbation);

}  // namespace squall::sim
