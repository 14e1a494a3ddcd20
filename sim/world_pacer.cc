#include "sim/world_pacer.h"

#include "engine/assert.h"
#include "sim/storage_faults.h"

namespace squall::sim {

namespace {

// Another try would not help: each says that the client did something that it may not do.
constexpr std::array kFatalReads = {StoreCode::kAccessedUnreadable,
                                    StoreCode::kClientInvalidOperation};
constexpr std::array kFatalCommits = {StoreCode::kClientInvalidOperation, StoreCode::kKeyTooLarge,
                                      StoreCode::kValueTooLarge};

bool is_cut(Fault fault) {
  return fault == Fault::kStorePartition || fault == Fault::kStorePartitionOneWay;
}

StoreCode pick(std::span<const StoreCode> codes, int64_t choice) {
  return codes[static_cast<uint64_t>(choice) % codes.size()];
}

void change(const Perturbation& fault, ReadFate* fate) {
  switch (fault.fault) {
    case Fault::kStoreSlow: fate->wait_us += fault.parameter; break;
    case Fault::kStoreTooOld: fate->error = StoreCode::kTransactionTooOld; break;
    case Fault::kStoreFutureVersion: fate->error = StoreCode::kFutureVersion; break;
    case Fault::kStoreProcessBehind: fate->error = StoreCode::kProcessBehind; break;
    case Fault::kStoreLocked: fate->error = StoreCode::kDatabaseLocked; break;
    case Fault::kStoreThrottled: fate->error = StoreCode::kTagThrottled; break;
    case Fault::kStoreReadTimedOut: fate->error = StoreCode::kTransactionTimedOut; break;
    case Fault::kStoreFatal: fate->error = pick(kFatalReads, fault.parameter); break;
    case Fault::kStoreStaleVersion: fate->read_version_lag_us = fault.parameter; break;
    default: SQUALL_ASSERT(!"a fault that doesn't apply to store reads");
  }
}

void refuse(StoreCode code, CommitFate* fate) {
  fate->outcome = CommitOutcome::kError;
  fate->error = code;
}

void land_late(int64_t delay_us, CommitFate* fate) {
  fate->outcome = CommitOutcome::kTimedOut;
  fate->land_after_us = fate->reply_after_us + 1 + delay_us;
}

// False: it happens to the node, not to the commit.
bool change(const Perturbation& fault, CommitFate* fate) {
  switch (fault.fault) {
    case Fault::kStoreSlow:
    case Fault::kPause:
    case Fault::kCrashNodePersisted:
      fate->land_after_us += fault.parameter;
      fate->reply_after_us += fault.parameter;
      return fault.fault != Fault::kCrashNodePersisted;
    case Fault::kStoreConflict: fate->outcome = CommitOutcome::kSpuriousConflict; return true;
    case Fault::kStoreLocked: refuse(StoreCode::kDatabaseLocked, fate); return true;
    case Fault::kStoreProxyMemory: refuse(StoreCode::kCommitProxyMemoryLimit, fate); return true;
    case Fault::kStoreFatal: refuse(pick(kFatalCommits, fault.parameter), fate); return true;
    case Fault::kStoreVersionChangedLanded:
      fate->error = StoreCode::kClusterVersionChanged;
      [[fallthrough]];
    case Fault::kStoreUnknownLanded: fate->outcome = CommitOutcome::kUnknownLanded; return true;
    case Fault::kStoreVersionChangedLost:
      fate->error = StoreCode::kClusterVersionChanged;
      [[fallthrough]];
    case Fault::kStoreUnknownLost: fate->outcome = CommitOutcome::kUnknownLost; return true;
    case Fault::kStoreCancelled: fate->error = StoreCode::kTransactionCancelled; [[fallthrough]];
    case Fault::kStoreLateLanding: land_late(fault.parameter, fate); return true;
    default: return false;
  }
}

}  // namespace

void WorldPacer::mend_links() {
  any_cut_ = false;
  links_.mend();
}

void WorldPacer::cut_link(const Perturbation& fault) {
  const std::optional<uint32_t> node = calling_node_();
  if (!node) return;
  any_cut_ = true;
  links_.cut(*node, fault, core_.scheduler.now_us());
}

template <typename Fate>
void WorldPacer::hold_up(Fate* fate) {
  if (!any_cut_) return;
  if (const auto node = calling_node_()) links_.hold_up(*node, core_.scheduler.now_us(), fate);
}

int64_t WorldPacer::to_next_tick_us(int64_t delay_us) const {
  const TaskContext& context = core_.scheduler.context();
  const bool waits = context.entity().kind == EntityKind::kTenant && context.entity().subject % 2;
  if (!waits) return 0;
  const int64_t tick_us = core_.plan.knobs.store_latency_us;
  return tick_us - 1 - (core_.scheduler.now_us() + delay_us + tick_us - 1) % tick_us;
}

ReadFate WorldPacer::plan_read() {
  TaskContext& context = core_.scheduler.context();
  ReadFate fate;
  fate.wait_us = core_.latency.store_us(context) + core_.latency.store_us(context);
  if (const auto fault = core_.decisions.ask(site_id(WorldSite::kStoreRead), context)) {
    trace_fault(core_, *fault);
    if (is_cut(fault->fault)) {
      cut_link(*fault);
    } else {
      change(*fault, &fate);
    }
  }
  hold_up(&fate);
  fate.wait_us += to_next_tick_us(fate.wait_us);
  return fate;
}

CommitFate WorldPacer::plan_commit() {
  TaskContext& context = core_.scheduler.context();
  CommitFate fate;
  fate.land_after_us = core_.latency.store_us(context);
  fate.reply_after_us = fate.land_after_us + core_.latency.store_us(context);
  if (const auto fault = core_.decisions.ask(site_id(WorldSite::kStoreCommit), context)) {
    trace_fault(core_, *fault);
    const bool is_crash = fault->fault == Fault::kCrashNode;
    if (is_cut(fault->fault)) {
      cut_link(*fault);
    } else if (!change(*fault, &fate)) {
      strike_caller_(*fault, is_crash ? fault->parameter : 0);
    }
  }
  hold_up(&fate);
  const int64_t batch_us = to_next_tick_us(fate.land_after_us);
  fate.land_after_us += batch_us;
  if (fate.outcome != CommitOutcome::kTimedOut) fate.reply_after_us += batch_us;
  return fate;
}

void WorldPacer::see_values(std::span<const std::string_view> keys,
                            std::span<std::optional<SharedBytes>> values) {
  storage_->see(keys, values);
}

}  // namespace squall::sim
