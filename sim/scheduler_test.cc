#include "sim/scheduler.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace squall::sim {
namespace {

class SchedulerTest : public testing::Test {
 protected:
  void run_all() {
    while (scheduler.run_one()) {
    }
  }
  StackPool stacks;
  Trace trace{nullptr, nullptr};
  Scheduler scheduler{stacks, trace, 1};
};

TEST_F(SchedulerTest, TimeJumpsToTheNextEvent) {
  std::vector<int64_t> times;
  scheduler.after(5'000'000, 1, [&] { times.push_back(scheduler.now_us()); });
  scheduler.after(10, 2, [&] { times.push_back(scheduler.now_us()); });
  run_all();
  EXPECT_EQ(times, (std::vector<int64_t>{10, 5'000'000}));
  EXPECT_EQ(trace.events(), 2u);
}

TEST_F(SchedulerTest, AFrozenProcessSleepsThroughWhatWouldWakeIt) {
  Process frozen("frozen");
  Process other("other");
  std::vector<std::pair<std::string, int64_t>> seen;
  WaitHandle handle;
  scheduler.spawn(frozen, DeathMode::kUnwind, Entity{}, [&] {
    scheduler.wait(100);
    seen.emplace_back("timer", scheduler.now_us());
    handle = scheduler.prepare_wait();
    EXPECT_EQ(scheduler.wait(10'000), WaitStatus::kSignalled);
    seen.emplace_back("signal", scheduler.now_us());
  });
  scheduler.spawn(other, DeathMode::kUnwind, Entity{}, [&] {
    scheduler.wait(200);
    seen.emplace_back("other", scheduler.now_us());
  });
  scheduler.after(50, 1, [&] { scheduler.freeze(frozen, 1'000); });
  scheduler.after(1'500, 1, [&] { scheduler.freeze(frozen, 3'000); });
  scheduler.after(2'000, 1, [&] { scheduler.wake(handle, WaitStatus::kSignalled); });
  run_all();
  EXPECT_EQ(seen, (std::vector<std::pair<std::string, int64_t>>{
                      {"other", 200}, {"timer", 1'000}, {"signal", 3'000}}));
}

TEST_F(SchedulerTest, AFrozenProcessCanBeKilled) {
  Process frozen("frozen");
  bool unwound = false;
  scheduler.spawn(frozen, DeathMode::kReturn, Entity{}, [&] {
    EXPECT_EQ(scheduler.wait(100), WaitStatus::kProcessDead);
    unwound = true;
  });
  scheduler.after(50, 1, [&] { scheduler.freeze(frozen, 1'000); });
  scheduler.after(500, 1, [&] { scheduler.kill(frozen); });
  run_all();
  EXPECT_TRUE(unwound);
}

TEST_F(SchedulerTest, TiesAreBrokenByTheKey) {
  const auto order = [this](uint64_t key) {
    Trace other(nullptr, nullptr);
    Scheduler keyed(stacks, other, key);
    std::string seen;
    for (char name = 'a'; name <= 'h'; ++name) {
      keyed.after(7, static_cast<uint64_t>(name), [&seen, name] { seen += name; });
    }
    while (keyed.run_one()) {
    }
    return seen;
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST_F(SchedulerTest, AWaitEndsByTimeOrByWakeUpButNotByBoth) {
  Process process("p");
  std::vector<WaitStatus> seen;
  WaitHandle handle;
  scheduler.spawn(process, DeathMode::kUnwind, Entity{}, [&] {
    handle = scheduler.prepare_wait();
    seen.push_back(scheduler.wait(100));
    seen.push_back(scheduler.wait(1000));
  });
  scheduler.after(50, 3, [&] { scheduler.wake(handle, WaitStatus::kSignalled); });
  run_all();
  EXPECT_EQ(seen, (std::vector<WaitStatus>{WaitStatus::kSignalled, WaitStatus::kTimedOut}));
  EXPECT_EQ(scheduler.now_us(), 1050);
}

TEST_F(SchedulerTest, AKillUnwindsEveryTaskBeforeAnyOtherEvent) {
  Process process("p");
  std::string log;
  struct Guard {
    std::string* log;
    ~Guard() { *log += "u"; }
  };
  for (int i = 0; i < 3; ++i) {
    scheduler.spawn(process, DeathMode::kUnwind, Entity{}, [&] {
      Guard guard{&log};
      scheduler.wait(-1);
      log += "never";
    });
  }
  scheduler.after(10, 1, [&] {
    scheduler.after(0, 2, [&] { log += "next"; });
    scheduler.kill(process);
    log += "killed";
  });
  run_all();
  EXPECT_EQ(log, "uuukillednext");
  EXPECT_TRUE(process.idle());
}

TEST_F(SchedulerTest, ATaskWithForeignFramesIsToldAtEachWait) {
  Process process("p");
  std::vector<WaitStatus> seen;
  scheduler.spawn(process, DeathMode::kReturn, Entity{}, [&] {
    seen.push_back(scheduler.wait(-1));
    seen.push_back(scheduler.wait(-1));
    seen.push_back(scheduler.wait(1000));
  });
  scheduler.after(10, 1, [&] { scheduler.kill(process); });
  run_all();
  EXPECT_EQ(seen, (std::vector<WaitStatus>(3, WaitStatus::kProcessDead)));
  EXPECT_EQ(scheduler.now_us(), 10);
}

TEST_F(SchedulerTest, ATaskCanKillItsOwnProcess) {
  Process process("p");
  std::string log;
  scheduler.spawn(process, DeathMode::kUnwind, Entity{}, [&] { scheduler.wait(-1); });
  scheduler.spawn(process, DeathMode::kUnwind, Entity{}, [&] {
    scheduler.wait(5);
    scheduler.kill(process);
    log += "never";
  });
  scheduler.spawn(process, DeathMode::kReturn, Entity{}, [&] {
    scheduler.wait(-1);
    log += "returned";
  });
  run_all();
  EXPECT_EQ(log, "returned");
  EXPECT_TRUE(process.idle());
}

TEST_F(SchedulerTest, ATaskCanKillAnotherProcessAndGoOn) {
  Process victim("v");
  Process killer("k");
  std::string log;
  scheduler.spawn(victim, DeathMode::kReturn, Entity{}, [&] {
    scheduler.wait(-1);
    log += "v";
  });
  scheduler.spawn(killer, DeathMode::kUnwind, Entity{}, [&] {
    scheduler.wait(5);
    scheduler.kill(victim);
    log += "k";
  });
  run_all();
  EXPECT_EQ(log, "vk");
}

TEST_F(SchedulerTest, ATaskThatNeverRanDiesWithoutRunning) {
  Process process("p");
  bool ran = false;
  scheduler.spawn(process, DeathMode::kUnwind, Entity{}, [&] { ran = true; });
  scheduler.kill(process);
  run_all();
  EXPECT_FALSE(ran);
  EXPECT_TRUE(process.idle());
}

}  // namespace
}  // namespace squall::sim
