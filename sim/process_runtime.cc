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

void ProcessRuntime::spawn(TaskLabel label, std::function<void()> body) {
  Entity entity;
  entity.kind = label.actor == 0 ? EntityKind::kNode : EntityKind::kCompaction;
  entity.actor = label.actor;
  entity.subject = label.txid;
  entity.run = spawned_[{label.actor, label.txid}]++;
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
  core_.trace.note(site_id(site), static_cast<uint64_t>(perturbation->fault));
  core_.trace.line("{}: {} at {} ({} us)", to_string(perturbation->entity),
                   info(perturbation->fault).name, to_string(site), perturbation->parameter);
  switch (perturbation->fault) {
    case Fault::kPause:
      if (core_.scheduler.wait(perturbation->parameter) == WaitStatus::kProcessDead) break;
      return {};
    case Fault::kFailStep: break;
    case Fault::kCrashNode:
    case Fault::kCrashHost: crash_(perturbation->fault); break;
    default: SQUALL_ASSERT(!"a fault that doesn't apply to checkpoints");
  }
  return fail(ErrorCode::kUnavailable, "the step failed");
}

}  // namespace squall::sim
