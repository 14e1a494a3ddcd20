#include "sim/tenant_watch.h"

#include <algorithm>

#include "sim/tenant_client.h"

namespace squall::sim {
namespace {

constexpr uint64_t kArea = 24;  // keys, apart from those of the other members
constexpr int64_t kLongestWatchUs = 2'000'000;

std::string watched_key(uint64_t number) {
  return std::string(kTenantPrefix) + "w" + static_cast<char>('a' + number);
}

class TenantWatch {
 public:
  TenantWatch(Core& core, squall::Transaction& store, TenantReads& truth, uint64_t key)
      : core_(core), store_(store), truth_(truth), client_(store, truth), draw_(key) {}

  StoreResult<void> run(const std::string& mark_key, const std::string& mark) {
    for (uint64_t looks = 1 + draw_(2); looks > 0; --looks) {
      if (auto looked = look(); !looked) return looked;
    }
    const int64_t wait_us = core_.plan.knobs.store_latency_us << draw_(8);
    core_.scheduler.wait(std::min(wait_us, kLongestWatchUs));
    if (draw_(16) == 0) {
      if (auto asked = ask_too_much(); !asked) return asked;
    }
    const uint64_t kind = draw_(8);
    if (kind < 3) {
      const std::string key = watched_key(draw_(kArea));
      const auto written = draw_(2) == 0 ? client_.set(key, mark) : client_.clear(key);
      if (!written) return written;
    }
    if (kind > 1) {
      const uint64_t first = draw_(kArea);
      const uint64_t end = std::min(kArea, first + 1 + draw_(10));
      auto cleared = client_.clear_range(watched_key(first), watched_key(end));
      if (!cleared) return cleared;
    }
    if (draw_(3) == 0) {
      if (auto asked = ask_for_conflicts(); !asked) return asked;
    }
    if (draw_(3) == 0) {
      if (auto looked = look_back(); !looked) return looked;
    }
    return client_.commit(mark_key, mark, false);
  }

 private:
  StoreResult<void> look() {
    const uint64_t first = draw_(kArea);
    if (draw_(2) == 0) return client_.get(watched_key(first), ReadMode::kSerializable);
    const uint64_t end = std::min(kArea, first + 1 + draw_(4));
    return client_.scan({watched_key(first), watched_key(end), 1 + draw_(3), draw_(3) == 0},
                        ReadMode::kSerializable);
  }

  StoreResult<void> ask_for_conflicts() {
    const uint64_t first = draw_(kArea - 1);
    const std::string begin = watched_key(first), end = watched_key(first + 1 + draw_(2));
    return draw_(2) == 0 ? client_.conflict_as_reader(begin, end)
                         : client_.conflict_as_writer(begin, end);
  }

  // At what it has written, or past it.
  StoreResult<void> look_back() {
    if (draw_(2) == 0) {
      if (auto done = client_.look_past_own_writes(); !done) return done;
    }
    return client_.scan({watched_key(0), watched_key(kArea), 1 + draw_(6), draw_(2) == 0},
                        ReadMode::kSnapshot);
  }

  // What is just too large is refused and leaves nothing, what is not is taken.
  StoreResult<void> ask_too_much() {
    const uint64_t kind = draw_(3);
    if (kind == 0) return ask_too_much_at_once();
    const size_t excess = draw_(2);
    const std::string key = kind == 1 ? std::string(kMaxKeyBytes + excess, 'w') : watched_key(0);
    const std::string value(kind == 2 ? kMaxValueBytes + excess : 1, 'w');
    truth_.expect_over_limit(true);
    const auto done = store_.set(key, SharedBytes(value));
    truth_.expect_over_limit(false);
    const StoreCode refusal = kind == 1 ? StoreCode::kKeyTooLarge : StoreCode::kValueTooLarge;
    if (excess == 0) {
      if (done) return kind == 1 ? store_.clear(key) : client_.clear(key);
      truth_.check_over_limit(std::nullopt, done.error().code);
      return done;
    }
    const bool refused = !done;
    truth_.check_over_limit(refusal, refused ? std::optional(done.error().code) : std::nullopt);
    return {};
  }

  StoreResult<void> ask_too_much_at_once() {
    const SharedBytes value(std::string(kMaxValueBytes, 'w'));
    for (size_t i = 0; i <= kMaxTransactionBytes / kMaxValueBytes; ++i) {
      const std::string key = watched_key(0) + static_cast<char>(i);
      if (auto written = store_.set(key, value); !written) return written;
    }
    truth_.expect_over_limit(true);
    const auto committed = store_.commit();
    truth_.expect_over_limit(false);
    truth_.check_over_limit(StoreCode::kTransactionTooLarge,
                            committed ? std::nullopt : std::optional(committed.error().code));
    return tl::unexpected(StoreError{StoreCode::kTransactionTooLarge});
  }

  Core& core_;
  squall::Transaction& store_;
  TenantReads& truth_;
  TenantClient client_;
  TenantDraws draw_;
};

}  // namespace

StoreResult<void> run_tenant_watch(Core& core, squall::Transaction& store, TenantReads& truth,
                                   uint64_t key, const std::string& mark_key,
                                   const std::string& mark) {
  return TenantWatch(core, store, truth, key).run(mark_key, mark);
}

}  // namespace squall::sim
