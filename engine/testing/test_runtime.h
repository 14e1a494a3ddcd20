// A runtime of one stack for the engine's tests: waits return at once and move the clock. Spawned
// tasks are queued and run inside waits, or by run_for. What a test puts at a checkpoint runs
// there, in the middle of the operation.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <vector>

#include "engine/runtime.h"

namespace squall::test_support {

class TestRuntime final : public Runtime {
 public:
  int64_t now_us() override { return now_us_; }
  int64_t wall_us() override { return now_us_ + wall_ahead_us; }
  WaitStatus sleep_us(int64_t duration_us) override {
    now_us_ += duration_us;
    return WaitStatus::kTimedOut;
  }
  void spawn(TaskLabel label, std::function<void()> body) override {
    tasks_.push_back({label, std::move(body)});
  }
  std::unique_ptr<Signal> make_signal() override { return std::make_unique<TestSignal>(*this); }
  uint64_t random() override { return ++random_; }
  Result<void> at_checkpoint(Site site) override {
    passed.push_back(site);
    if (!on_checkpoint) return {};
    return on_checkpoint(site);
  }

  // Runs tasks for so long. Then waits answer "process dead", so that the tasks end.
  void run_for(int64_t duration_us) {
    deadline_us_ = now_us_ + duration_us;
    while (run_next()) {
    }
    now_us_ = std::max(now_us_, deadline_us_);
    deadline_us_ = INT64_MAX;
  }
  void advance_us(int64_t duration_us) { now_us_ += duration_us; }

  std::function<Result<void>(Site)> on_checkpoint;
  std::vector<Site> passed;
  std::vector<TaskLabel> ran;
  int64_t wall_ahead_us = 0;  // of now_us

 private:
  struct Task {
    TaskLabel label;
    std::function<void()> body;
  };

  class TestSignal final : public Signal {
   public:
    explicit TestSignal(TestRuntime& runtime) : runtime_(runtime) {}
    WaitStatus wait(int64_t timeout_us) override {
      notified_ = false;
      for (;;) {
        if (notified_) return WaitStatus::kSignalled;
        if (runtime_.run_next()) continue;
        if (timeout_us < 0 || runtime_.now_us_ + timeout_us > runtime_.deadline_us_)
          return WaitStatus::kProcessDead;
        runtime_.now_us_ += timeout_us;
        return WaitStatus::kTimedOut;
      }
    }
    void notify_one() override { notified_ = true; }
    void notify_all() override { notified_ = true; }

   private:
    TestRuntime& runtime_;
    bool notified_ = false;
  };

  bool run_next() {
    if (tasks_.empty()) return false;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    ran.push_back(task.label);
    task.body();
    return true;
  }

  std::deque<Task> tasks_;
  int64_t now_us_ = 1'000'000;
  int64_t deadline_us_ = INT64_MAX;
  uint64_t random_ = 0;
};

}  // namespace squall::test_support
