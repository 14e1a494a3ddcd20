// A plan is all that a run needs. A scenario makes one from a seed; a capsule is one, with what
// fired written out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/entity.h"
#include "sim/faults.h"
#include "sim/knobs.h"
#include "sim/workload.h"

namespace squall::sim {

// "This fault, at this site, about this entity, the n-th time that it comes by": the one idea for
// everything that goes wrong. The parameter is the fault's own (a duration in us, mostly).
struct Perturbation {
  Fault fault = Fault::kSlowMessage;
  SiteId site = 0;
  Entity entity;
  uint32_t occurrence = 0;
  int64_t parameter = 0;

  friend bool operator==(const Perturbation&, const Perturbation&) = default;
};

// A planned blow: the fault happens the nth time (1, 2, …) that anyone it fits passes the site, and
// is recorded as an ordinary perturbation.
struct Strike {
  Fault fault = Fault::kCrashNode;
  SiteId site = 0;
  EntityKind kind = EntityKind::kNone;  // kNone: any but the store's other tenant
  ActorId actor = 0;                    // 0: any
  uint32_t transaction = 0;  // 0: any; else only while this transaction of the actor is at the site
  uint32_t nth = 1;
  int64_t parameter = 0;
};

enum class PlanMode : uint8_t {
  kGenerate,  // rates and strikes decide
  kReplay,    // only the rows of `perturbations` happen
};

struct Plan {
  std::string scenario;
  uint64_t seed = 0;
  PlanMode mode = PlanMode::kGenerate;
  Knobs knobs;
  Workload workload;
  uint64_t decision_key = 0;                      // salts generated decisions
  uint64_t jitter_key = 0;                        // salts nominal latencies and ties
  std::array<uint32_t, kFaultCount> rates_ppm{};  // per decision, in millionths
  std::vector<Strike> strikes;
  std::vector<Perturbation> perturbations;  // kReplay: what happens; kGenerate: happens besides
  int64_t faults_end_us = 0;  // 0: when the workload is done; from then on nothing new goes wrong
};

}  // namespace squall::sim
