#include "sim/scheduler.h"

#include <algorithm>
#include <utility>

#include "engine/assert.h"

namespace squall::sim {

namespace {
// A dead process only unwinds. One that asks to wait this often spins.
constexpr uint32_t kMaxWaitsAfterDeath = 100'000;
}  // namespace

Process::~Process() { SQUALL_ASSERT(tasks_.empty()); }

Scheduler::Scheduler(StackPool& stacks, Trace& trace, uint64_t tie_key)
    : stacks_(stacks), trace_(trace), tie_key_(tie_key) {}

Scheduler::~Scheduler() {
  for (const TaskSlot& slot : tasks_) SQUALL_ASSERT(slot.task == nullptr);
}

bool Scheduler::later(const Event& a, const Event& b) {
  if (a.time_us != b.time_us) return a.time_us > b.time_us;
  if (a.tie != b.tie) return a.tie > b.tie;
  return a.age > b.age;
}

void Scheduler::push(int64_t time_us, uint64_t subject, Slot slot) {
  uint32_t index;
  if (free_slots_.empty()) {
    index = static_cast<uint32_t>(slots_.size());
    slots_.push_back(std::move(slot));
  } else {
    index = free_slots_.back();
    free_slots_.pop_back();
    slots_[index] = std::move(slot);
  }
  const uint64_t tie = mix64(tie_key_ ^ subject, static_cast<uint64_t>(time_us));
  heap_.push_back(Event{time_us, tie, ++age_, index});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void Scheduler::after(int64_t delay_us, uint64_t subject, Callback callback) {
  SQUALL_ASSERT(delay_us >= 0);
  push(now_us_ + delay_us, subject, Slot{std::move(callback), {}, WaitStatus::kSignalled});
}

void Scheduler::spawn(Process& process, DeathMode death_mode, const Entity& entity,
                      std::function<void()> body) {
  SQUALL_ASSERT(!process.dead_);
  uint32_t index;
  if (free_tasks_.empty()) {
    index = static_cast<uint32_t>(tasks_.size());
    tasks_.emplace_back();
  } else {
    index = free_tasks_.back();
    free_tasks_.pop_back();
  }
  TaskSlot& slot = tasks_[index];
  slot.number = ++task_numbers_;
  slot.task = std::make_unique<Task>();
  Task& task = *slot.task;
  task.slot_ = index;
  task.process_ = &process;
  task.death_mode_ = death_mode;
  task.context_.set(entity);
  task.fiber_ = std::make_unique<Fiber>(stacks_, std::move(body));
  task.waiting_ = true;
  process.tasks_.push_back(&task);
  push(now_us_, task.context_.entity_hash(),
       Slot{nullptr, WaitHandle{index, slot.number, 0}, WaitStatus::kSignalled});
}

bool Scheduler::run_one() {
  SQUALL_ASSERT(current_ == nullptr);
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Event event = heap_.back();
    heap_.pop_back();
    Slot slot = std::move(slots_[event.slot]);
    slots_[event.slot].callback = nullptr;
    free_slots_.push_back(event.slot);
    Task* task = slot.callback ? nullptr : find_waiting(slot.wake);
    if (!slot.callback && task == nullptr) continue;  // a stale wake-up is no event
    if (task != nullptr && task->process_->frozen_until_us_ > event.time_us) {
      push(task->process_->frozen_until_us_, task->context_.entity_hash(), std::move(slot));
      continue;
    }

    SQUALL_ASSERT(event.time_us >= now_us_);
    now_us_ = event.time_us;
    trace_.begin_event(event.time_us, event.tie);
    if (task) {
      resume(*task, slot.status);
    } else {
      slot.callback();
    }
    drain_pending_kills();
    return true;
  }
  return false;
}

Task* Scheduler::find_waiting(WaitHandle handle) {
  const TaskSlot& slot = tasks_[handle.slot];
  if (slot.number != handle.task_number || !slot.task) return nullptr;
  Task* task = slot.task.get();
  if (!task->waiting_ || task->wait_number_ != handle.wait_number) return nullptr;
  return task;
}

void Scheduler::resume(Task& task, WaitStatus status) {
  SQUALL_ASSERT(current_ == nullptr);
  task.waiting_ = false;
  task.wake_status_ = status;
  current_ = &task;
  task.fiber_->resume();
  current_ = nullptr;
  if (task.fiber_->finished()) finish(task);
}

void Scheduler::finish(Task& task) {
  std::erase(task.process_->tasks_, &task);
  const uint32_t index = task.slot_;
  tasks_[index].task.reset();
  free_tasks_.push_back(index);
}

Task& Scheduler::current() {
  SQUALL_ASSERT(current_ != nullptr);
  return *current_;
}

WaitHandle Scheduler::prepare_wait() {
  Task& task = current();
  return WaitHandle{task.slot_, tasks_[task.slot_].number, task.wait_number_ + 1};
}

WaitStatus Scheduler::wait(int64_t timeout_us) {
  Task& task = current();
  if (task.process_->dead_) return wait_in_dead_process(task);
  const WaitHandle handle = prepare_wait();
  ++task.wait_number_;
  task.waiting_ = true;
  if (timeout_us >= 0) {
    push(now_us_ + timeout_us, task.context_.entity_hash(),
         Slot{nullptr, handle, WaitStatus::kTimedOut});
  }
  task.fiber_->suspend();
  if (task.process_->dead_) return wait_in_dead_process(task);
  return task.wake_status_;
}

WaitStatus Scheduler::wait_in_dead_process(Task& task) {
  ++task.waits_after_death_;
  SQUALL_ASSERT(task.waits_after_death_ < kMaxWaitsAfterDeath);
  if (task.death_mode_ == DeathMode::kUnwind) throw FiberKilled{};
  return WaitStatus::kProcessDead;
}

void Scheduler::wake(WaitHandle handle, WaitStatus status) {
  Task* task = find_waiting(handle);
  if (task == nullptr) return;
  push(now_us_, task->context_.entity_hash(), Slot{nullptr, handle, status});
}

void Scheduler::freeze(Process& process, int64_t until_us) {
  process.frozen_until_us_ = std::max(process.frozen_until_us_, until_us);
}

void Scheduler::kill(Process& process) {
  if (process.dead_) return;
  process.dead_ = true;
  pending_kills_.push_back(&process);
  if (current_ == nullptr) {
    drain_pending_kills();
    return;
  }
  // The drain needs the loop's own stack. This task goes on, or unwinds, right after it.
  Task& task = *current_;
  task.waiting_ = true;
  ++task.wait_number_;
  yielded_.push_back(&task);
  task.fiber_->suspend();
  if (task.process_->dead_) wait_in_dead_process(task);
}

void Scheduler::drain_pending_kills() {
  while (!pending_kills_.empty()) {
    Process* process = pending_kills_.back();
    pending_kills_.pop_back();
    drain(*process);
  }
  while (!yielded_.empty()) {
    Task* task = yielded_.back();
    yielded_.pop_back();
    resume(*task, WaitStatus::kSignalled);
    if (!pending_kills_.empty()) drain_pending_kills();
  }
}

void Scheduler::drain(Process& process) {
  while (!process.tasks_.empty()) {
    Task& task = *process.tasks_.front();
    SQUALL_ASSERT(task.waiting_);
    std::erase(yielded_, &task);
    if (!task.fiber_->started()) {
      finish(task);
      continue;
    }
    resume(task, WaitStatus::kProcessDead);
  }
}

}  // namespace squall::sim
