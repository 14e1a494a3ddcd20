// What a store transaction costs: one get, three sets, a commit and its landing, with a pacer that
// costs nearly nothing. The argument is the number of actors (100 keys each); a second one switches
// the history checker on.
#include <benchmark/benchmark.h>

#include <functional>
#include <string>

#include "sim/store/history_checker.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {
namespace {

class BenchPacer final : public StorePacer {
 public:
  int64_t now_us() override { return now_us_; }
  void wait_us(int64_t duration_us) override {
    now_us_ += duration_us;
    if (pending_) std::exchange(pending_, nullptr)();
  }
  void after(int64_t, std::function<void()> callback) override { pending_ = std::move(callback); }
  ReadFate plan_read() override {
    return {.wait_us = 50, .error = std::nullopt, .read_version_lag_us = 0};
  }
  CommitFate plan_commit() override { return {.land_after_us = 50, .reply_after_us = 51}; }
  uint64_t random() override { return state_ += 0x9e3779b97f4a7c15u; }
  uint64_t origin() override { return 0; }

 private:
  int64_t now_us_ = 0;
  uint64_t state_ = 0;
  std::function<void()> pending_;
};

// An actor's keys as the engine has them: a prefix of 10 bytes, a tag, a big-endian number.
std::string actor_key(uint64_t actor, char tag, uint64_t number) {
  std::string key(1, '\x02');
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(actor >> shift));
  key.push_back(tag);
  if (tag != 'm') {
    for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
  }
  return key;
}

void populate(SimulatedStore& store, uint64_t actors) {
  for (uint64_t actor = 0; actor < actors; ++actor) {
    auto transaction = store.begin();
    const SharedBytes value(std::string(100, 'x'));
    (void)transaction->set(actor_key(actor, 'm', 0), value);
    for (uint64_t i = 0; i < 50; ++i) {
      (void)transaction->set(actor_key(actor, 'd', i), value);
      (void)transaction->set(actor_key(actor, 'p', i), value);
    }
    (void)transaction->commit();
  }
}

void get_three_sets_commit(benchmark::State& state) {
  BenchPacer pacer;
  SimulatedStore store(pacer);
  const auto actors = static_cast<uint64_t>(state.range(0));
  populate(store, actors);
  HistoryChecker checker([](std::string, std::string) { std::abort(); });
  if (state.range(1) != 0) store.add_observer(&checker);
  std::vector<std::string> keys;
  for (uint64_t actor = 0; actor < actors; ++actor) {
    keys.push_back(actor_key(actor, 'm', 0));
    for (uint64_t i = 0; i < 50; ++i) keys.push_back(actor_key(actor, 'd', i));
    for (uint64_t i = 0; i < 50; ++i) keys.push_back(actor_key(actor, 'p', i));
  }
  const SharedBytes value(std::string(100, 'y'));
  uint64_t round = 0;
  for (auto _ : state) {
    const uint64_t actor = round * 7919 % actors;
    const uint64_t row = ++round * 31 % 50;
    const std::string* own = &keys[actor * 101];
    auto transaction = store.begin();
    benchmark::DoNotOptimize(transaction->get(own[0], ReadMode::kSerializable));
    (void)transaction->set(own[1 + row], value);
    (void)transaction->set(own[0], value);
    (void)transaction->set(own[51 + row], value);
    benchmark::DoNotOptimize(transaction->commit());
  }
}
BENCHMARK(get_three_sets_commit)->ArgsProduct({{1, 100, 1000}, {0, 1}});

void populate_only(benchmark::State& state) {
  for (auto _ : state) {
    BenchPacer pacer;
    SimulatedStore store(pacer);
    populate(store, 100);
  }
}
BENCHMARK(populate_only);

}  // namespace
}  // namespace squall::sim

BENCHMARK_MAIN();
