// The event loop: virtual time, a heap of timed events, and all fibers. Time jumps to the next
// event; ties are broken by a keyed hash, then by age. One loop a run, one thread, no real clock.
//
// Killing a process drains it on the spot, before any other event: a fiber of C++ frames unwinds by
// FiberKilled; a fiber with C frames is told "process dead" by each of its waits until it has
// returned.
#pragma once

#include <absl/functional/any_invocable.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/runtime.h"
#include "sim/fiber.h"
#include "sim/stack_pool.h"
#include "sim/task_context.h"
#include "sim/trace.h"

namespace squall::sim {

class Scheduler;
class Task;

// What dies together: an engine node, or one actor's process. Owned by whoever made it; must be
// killed or idle (no tasks left) before it goes.
class Process {
 public:
  explicit Process(std::string name) : name_(std::move(name)) {}
  ~Process();
  const std::string& name() const { return name_; }
  bool dead() const { return dead_; }
  bool idle() const { return tasks_.empty(); }

 private:
  friend class Scheduler;
  std::string name_;
  bool dead_ = false;
  int64_t frozen_until_us_ = 0;
  std::vector<Task*> tasks_;  // in order of spawning
};

enum class DeathMode : uint8_t {
  kUnwind,  // C++ frames only
  kReturn,  // C frames on the stack: waits return kProcessDead
};

// A fiber and what the loop knows of it.
class Task {
 public:
  TaskContext& context() { return context_; }
  Process& process() { return *process_; }

 private:
  friend class Scheduler;
  Process* process_ = nullptr;
  DeathMode death_mode_ = DeathMode::kUnwind;
  TaskContext context_;
  std::unique_ptr<Fiber> fiber_;
  uint64_t wait_number_ = 0;  // of the wait that it is in; a wake-up for another is stale
  WaitStatus wake_status_ = WaitStatus::kSignalled;
  uint32_t waits_after_death_ = 0;
  uint32_t slot_ = 0;
  bool waiting_ = false;
};

// Names one wait of one task; harmless once that wait is over, or the task.
struct WaitHandle {
  uint32_t slot = 0;
  uint64_t task_number = 0;
  uint64_t wait_number = 0;
};

class Scheduler {
 public:
  using Callback = absl::AnyInvocable<void()>;

  Scheduler(StackPool& stacks, Trace& trace, uint64_t tie_key);
  ~Scheduler();  // every process is dead or idle
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  int64_t now_us() const { return now_us_; }
  // Runs callback on the loop after delay_us (>= 0). The subject keys the tie.
  void after(int64_t delay_us, uint64_t subject, Callback callback);
  // A new task of a live process; starts as an event of its own at the present time.
  void spawn(Process& process, DeathMode death_mode, const Entity& entity,
             std::function<void()> body);

  // Runs the next event; false when there is none.
  bool run_one();
  int64_t next_event_us() const { return heap_.empty() ? INT64_MAX : heap_.front().time_us; }

  // --- inside a task ---
  bool in_task() const { return current_ != nullptr; }
  Task& current();
  // The context that decisions belong to: the current task's, or the loop's own outside of any.
  TaskContext& context() { return current_ ? current_->context_ : loop_context_; }
  // Suspends the current task until woken or until timeout_us (< 0: never) is over.
  WaitStatus wait(int64_t timeout_us);
  // What wake() needs to end the wait that the current task is about to begin.
  WaitHandle prepare_wait();

  // Ends that wait, if it still lasts, as an event at the present time.
  void wake(WaitHandle handle, WaitStatus status);

  // Until then no task of the process runs, as when its machine is stopped; what would wake them
  // waits. The task that runs now, if it is one of them, goes on to its next wait. A process can be
  // killed while it is frozen.
  void freeze(Process& process, int64_t until_us);

  // Kills and drains. From inside a task as well: if the caller is of that process, kill() doesn't
  // return (kUnwind) or returns into a dead process (kReturn).
  void kill(Process& process);

 private:
  struct Event {
    int64_t time_us;
    uint64_t tie;
    uint64_t age;
    uint32_t slot;
  };
  struct Slot {
    Callback callback;  // or, when empty:
    WaitHandle wake;    // a wake-up
    WaitStatus status = WaitStatus::kSignalled;
  };
  struct TaskSlot {
    std::unique_ptr<Task> task;
    uint64_t number = 0;
  };

  void push(int64_t time_us, uint64_t subject, Slot slot);
  static bool later(const Event& a, const Event& b);
  Task* find_waiting(WaitHandle handle);
  void resume(Task& task, WaitStatus status);
  void finish(Task& task);
  void drain_pending_kills();
  void drain(Process& process);
  WaitStatus wait_in_dead_process(Task& task);

  StackPool& stacks_;
  Trace& trace_;
  const uint64_t tie_key_;
  int64_t now_us_ = 0;
  uint64_t age_ = 0;
  uint64_t task_numbers_ = 0;
  std::vector<Event> heap_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_slots_;
  std::vector<TaskSlot> tasks_;
  std::vector<uint32_t> free_tasks_;
  std::vector<Process*> pending_kills_;
  std::vector<Task*> yielded_;  // a task that asked for a kill goes on right after it
  TaskContext loop_context_;
  Task* current_ = nullptr;
};

}  // namespace squall::sim
