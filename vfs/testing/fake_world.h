// Runtime and transport for the VFS's tests: immediate, with failures on request.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <variant>

#include "engine/runtime.h"
#include "engine/transport.h"
#include "vfs/testing/fake_engine.h"

namespace squall::test_support {

class FakeRuntime : public Runtime {
 public:
  bool dead = false;
  std::map<Site, int> fail_site;  // at its n-th hit from now, 1 the next
  int64_t now = 1'700'000'000'000'000;

  int64_t now_us() override { return now; }
  int64_t wall_us() override { return now; }
  WaitStatus sleep_us(int64_t duration_us) override {
    now += duration_us;
    return dead ? WaitStatus::kProcessDead : WaitStatus::kTimedOut;
  }
  void spawn(TaskLabel, std::function<void()> body) override { body(); }
  std::unique_ptr<Signal> make_signal() override { return nullptr; }
  uint64_t random() override {
    return random_ = random_ * 6364136223846793005u + 1442695040888963407u;
  }
  Result<void> at_checkpoint(Site site) override {
    auto planned = fail_site.find(site);
    if (planned != fail_site.end() && --planned->second == 0) {
      fail_site.erase(planned);
      return fail(ErrorCode::kUnavailable, "checkpoint failed");
    }
    return {};
  }

 private:
  uint64_t random_ = 1;
};

enum class Mishap : uint8_t { kRequestLost, kReplyLost, kKilledBefore, kKilledAfter, kUnavailable };

class FakeTransport : public Transport {
 public:
  FakeTransport(FakeEngine& engine, FakeRuntime& runtime) : engine_(engine), runtime_(runtime) {}

  // By the number of the request, 1 the first one ever; posted ones count too.
  std::map<int, Mishap> mishaps;
  int requests = 0;
  // Sees each request before the engine does.
  std::function<void(const Request&)> spy;
  std::function<void(bool waits)> on_call;  // of each request

  tl::expected<Reply, TransportError> call(Request request) override {
    const int number = ++requests;
    if (runtime_.dead) return tl::unexpected(TransportError::kProcessDead);
    if (on_call) on_call(true);
    if (spy) spy(request);
    auto mishap = mishaps.find(number);
    if (mishap == mishaps.end()) return engine_.handle(request);
    switch (mishap->second) {
      case Mishap::kRequestLost: return tl::unexpected(TransportError::kUnknown);
      case Mishap::kReplyLost:
        engine_.handle(request);
        return tl::unexpected(TransportError::kUnknown);
      case Mishap::kUnavailable: return Reply{{}, Error{ErrorCode::kUnavailable, "try again"}};
      case Mishap::kKilledAfter: engine_.handle(request); [[fallthrough]];
      case Mishap::kKilledBefore:
        runtime_.dead = true;
        return tl::unexpected(TransportError::kProcessDead);
    }
    return tl::unexpected(TransportError::kUnknown);
  }

  void post(Request request) override {
    const int number = ++requests;
    if (runtime_.dead) return;
    if (on_call) on_call(false);
    if (spy) spy(request);
    auto mishap = mishaps.find(number);
    if (mishap == mishaps.end() || mishap->second == Mishap::kReplyLost) {
      engine_.handle(request);
    } else if (mishap->second == Mishap::kKilledBefore || mishap->second == Mishap::kKilledAfter) {
      if (mishap->second == Mishap::kKilledAfter) engine_.handle(request);
      runtime_.dead = true;
    }
  }

 private:
  FakeEngine& engine_;
  FakeRuntime& runtime_;
};

}  // namespace squall::test_support
