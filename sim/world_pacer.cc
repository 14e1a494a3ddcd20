#include "sim/world_pacer.h"

#include "engine/assert.h"

namespace squall::sim {

void WorldPacer::trace(const Perturbation& perturbation) {
  core_.trace.note(perturbation.site, static_cast<uint64_t>(perturbation.fault));
  core_.trace.line("{}: {} at {} ({} us)", to_string(perturbation.entity),
                   info(perturbation.fault).name, site_name(perturbation.site),
                   perturbation.parameter);
}

ReadFate WorldPacer::plan_read() {
  TaskContext& context = core_.scheduler.context();
  ReadFate fate;
  fate.wait_us = core_.latency.store_us(context) + core_.latency.store_us(context);
  const auto fault = core_.decisions.ask(site_id(WorldSite::kStoreRead), context);
  if (!fault) return fate;
  trace(*fault);
  switch (fault->fault) {
    case Fault::kStoreSlow: fate.wait_us += fault->parameter; break;
    case Fault::kStoreTooOld: fate.error = StoreCode::kTransactionTooOld; break;
    case Fault::kStoreStaleVersion: fate.read_version_lag_us = fault->parameter; break;
    default: SQUALL_ASSERT(!"a fault that doesn't apply to store reads");
  }
  return fate;
}

CommitFate WorldPacer::plan_commit() {
  TaskContext& context = core_.scheduler.context();
  CommitFate fate;
  fate.land_after_us = core_.latency.store_us(context);
  fate.reply_after_us = fate.land_after_us + core_.latency.store_us(context);
  const auto fault = core_.decisions.ask(site_id(WorldSite::kStoreCommit), context);
  if (!fault) return fate;
  trace(*fault);
  const int64_t parameter_us = fault->parameter;
  switch (fault->fault) {
    case Fault::kStoreSlow:
    case Fault::kPause:
      fate.land_after_us += parameter_us;
      fate.reply_after_us += parameter_us;
      break;
    case Fault::kStoreConflict: fate.outcome = CommitOutcome::kSpuriousConflict; break;
    case Fault::kStoreUnknownLanded: fate.outcome = CommitOutcome::kUnknownLanded; break;
    case Fault::kStoreUnknownLost: fate.outcome = CommitOutcome::kUnknownLost; break;
    case Fault::kStoreLateLanding:
      fate.outcome = CommitOutcome::kTimedOut;
      fate.land_after_us = fate.reply_after_us + 1 + parameter_us;
      break;
    case Fault::kCrashNode: crash_caller_(parameter_us); break;
    default: SQUALL_ASSERT(!"a fault that doesn't apply to store commits");
  }
  return fate;
}

}  // namespace squall::sim
