#include "sim/process_runtime.h"

#include <deque>

#include "engine/assert.h"

namespace squall::sim {

namespace {

class TaskSignal : public Signal {
 public:
  explicit TaskSignal(Scheduler& scheduler) : scheduler_(scheduler) {}

  WaitStatus wait(int64_t timeout_us) override {
    waiters_.push_back(scheduler_.prepare_wait());
    const uint64_t number = first_number_ + waiters_.size() - 1;
    const WaitStatus status = scheduler_.wait(timeout_us);
    if (status == WaitStatus::kTimedOut) forget(number);
    return status;
  }
  void notify_one() override {
    while (!waiters_.empty()) {
      const WaitHandle handle = waiters_.front();
      pop();
      if (handle.task_number == 0) continue;
      scheduler_.wake(handle, WaitStatus::kSignalled);
      return;
    }
  }
  void notify_all() override {
    while (!waiters_.empty()) notify_one();
  }

 private:
  void pop() {
    waiters_.pop_front();
    ++first_number_;
  }
  // A wait that timed out leaves the queue, or it would swallow a later notify_one.
  void forget(uint64_t number) {
    if (number < first_number_) return;
    waiters_[number - first_number_] = WaitHandle{};
    while (!waiters_.empty() && waiters_.front().task_number == 0) pop();
  }

  Scheduler& scheduler_;
  std::deque<WaitHandle> waiters_;
  uint64_t first_number_ = 0;
};

}  // namespace

void start_machine(Core& core, EntityKind kind, uint32_t index, Machine* machine) {
  Entity entity;
  entity.kind = kind;
  entity.subject = index;
  entity.run = machine->starts++;
  TaskContext context(entity);
  const auto fault = core.decisions.ask(site_id(WorldSite::kMachineStart), context);
  if (fault) trace_fault(core, *fault);
  machine->clock_ahead_us = fault ? fault->parameter : 0;
  machine->wall_behind_us = 0;
}

void ProcessRuntime::spawn(TaskLabel label, std::function<void()> body) {
  Entity entity;
  entity.kind = label.actor == 0 ? EntityKind::kNode : EntityKind::kCompaction;
  entity.actor = label.actor;
  entity.subject = label.txid;
  entity.run = machine_.spawned[{label.actor, label.txid}]++;
  if (entity.kind == EntityKind::kCompaction) {
    body = [&probes = core_.probes, actor = label.actor, compact = std::move(body)] {
      const UnderwayMark mark(probes, actor, Operation::kCompaction);
      compact();
    };
  }
  core_.scheduler.spawn(process_, DeathMode::kUnwind, entity, std::move(body));
}

std::unique_ptr<Signal> ProcessRuntime::make_signal() {
  return std::make_unique<TaskSignal>(core_.scheduler);
}

Result<void> ProcessRuntime::at_checkpoint(Site site) {
  const auto perturbation = core_.decisions.ask(site_id(site), core_.scheduler.context());
  if (!perturbation) return {};
  trace_fault(core_, *perturbation);
  switch (perturbation->fault) {
    case Fault::kPause:
      if (core_.scheduler.wait(perturbation->parameter) == WaitStatus::kProcessDead) break;
      return {};
    case Fault::kPauseNode:
    case Fault::kPauseHost:
      strike_(*perturbation);
      if (core_.scheduler.wait(perturbation->parameter) == WaitStatus::kProcessDead) break;
      return {};
    case Fault::kClockJump:
    case Fault::kClockJumpBack: strike_(*perturbation); return {};
    case Fault::kFailStep: break;
    case Fault::kCrashNode:
    case Fault::kCrashHost: strike_(*perturbation); break;
    // Only this task: its frames unwind, and nobody else dies.
    case Fault::kCrashWorker: throw FiberKilled{};
    default: SQUALL_ASSERT(!"a fault that doesn't apply to checkpoints");
  }
  return fail(ErrorCode::kUnavailable, "the step failed");
}

}  // namespace squall::sim
