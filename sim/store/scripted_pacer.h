// A world of one thread for the store's tests: time passes only inside waits, which run what has
// come due. Fates are what the test says next, else the defaults below.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "engine/assert.h"
#include "sim/store/pacer.h"

namespace squall::sim {

class ScriptedPacer final : public StorePacer {
 public:
  int64_t now_us() override { return now_us_; }
  // Waits may nest: an interleaved transaction runs from during_wait.
  void wait_us(int64_t duration_us) override {
    const int64_t until_us = now_us_ + duration_us;
    if (during_wait) std::exchange(during_wait, nullptr)();
    run_until(until_us);
  }
  void after(int64_t delay_us, std::function<void()> callback) override {
    events_.emplace(now_us_ + delay_us, std::move(callback));
  }
  ReadFate plan_read() override {
    if (reads.empty()) return {.wait_us = 1, .error = std::nullopt, .read_version_lag_us = 0};
    const ReadFate fate = reads.front();
    reads.pop_front();
    return fate;
  }
  CommitFate plan_commit() override {
    if (commits.empty()) return {.land_after_us = 1, .reply_after_us = 2};
    const CommitFate fate = commits.front();
    commits.pop_front();
    return fate;
  }
  uint64_t random() override {
    random_ = random_ * 6364136223846793005u + 1442695040888963407u;
    return random_ ^ random_ >> 29;
  }
  uint64_t origin() override { return origin_mark; }
  bool watches_values() const override { return bend != nullptr; }
  void see_values(std::span<const std::string_view> keys,
                  std::span<std::optional<SharedBytes>> values) override {
    for (size_t i = 0; i < keys.size(); ++i) bend(keys[i], &values[i]);
  }

  // Lets time pass to until_us (or not at all if it is past), in order of due time.
  void run_until(int64_t until_us) {
    while (!events_.empty() && events_.begin()->first <= until_us) {
      auto event = events_.extract(events_.begin());
      now_us_ = std::max(now_us_, event.key());
      event.mapped()();
    }
    now_us_ = std::max(now_us_, until_us);
  }
  void pass_us(int64_t duration_us) { run_until(now_us_ + duration_us); }

  std::deque<ReadFate> reads;
  std::deque<CommitFate> commits;
  std::function<void()> during_wait;  // run once, inside the next wait
  std::function<void(std::string_view key, std::optional<SharedBytes>* value)>
      bend;  // of each point read
  uint64_t origin_mark = 0;

 private:
  int64_t now_us_ = 0;
  uint64_t random_ = 1;
  std::multimap<int64_t, std::function<void()>> events_;
};

}  // namespace squall::sim
