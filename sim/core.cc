#include "sim/core.h"

namespace squall::sim {

void trace_fault(const Core& core, const Perturbation& perturbation) {
  core.trace.note(perturbation.site, static_cast<uint64_t>(perturbation.fault));
  core.trace.line("{}: {} at {} ({})", perturbation.entity, info(perturbation.fault).name,
                  site_name(perturbation.site), perturbation.parameter);
}

}  // namespace squall::sim
