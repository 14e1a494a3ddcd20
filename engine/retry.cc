#include "engine/retry.h"

#include <fmt/format.h>

#include <algorithm>

namespace squall {
namespace {

constexpr int64_t kFirstPauseUs = 10'000;
constexpr int64_t kLastPauseUs = 1'000'000;

// The store no longer says whether, or when, such a commit lands.
bool may_land_later(StoreCode code) {
  return code == StoreCode::kTransactionTimedOut || code == StoreCode::kTransactionCancelled;
}

bool claims_nothing_written(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidRequest:
    case ErrorCode::kTooLarge:
    case ErrorCode::kStageIncomplete:
    case ErrorCode::kQuotaExceeded: return true;
    default: return false;
  }
}

class Retrier {
 public:
  Retrier(Database& database, Runtime& runtime, const RetryLimits& limits)
      : database_(database), runtime_(runtime), limits_(limits) {
    begin();
  }

  Result<Attempt> run(absl::FunctionRef<AttemptResult(Transaction&)> body) {
    for (uint32_t attempt = 1;; ++attempt) {
      auto result = body(*transaction_);
      if (!result && std::holds_alternative<Error>(result.error())) {
        return answer(std::move(std::get<Error>(result.error())));
      }
      StoreError error{};
      if (!result) {
        error = std::get<StoreError>(result.error());
      } else {
        if (*result == Attempt::kAnswered) return *result;
        const auto committed = transaction_->commit();
        if (committed) return *result;
        error = committed.error();
        in_flight_ = in_flight_ || may_land_later(error.code);
        in_doubt_ = in_doubt_ || is_maybe_committed(error.code);
        if (may_land_later(error.code)) probe(runtime_, Probe::kStoreMayLandLater);
        if (is_maybe_committed(error.code)) probe(runtime_, Probe::kStoreOutcomeUnknown);
      }
      if (attempt >= limits_.max_attempts) {
        probe(runtime_, Probe::kStoreTriesUsedUp);
        return unavailable(error);
      }
      if (auto next = prepare_next(error, attempt); !next) return Failure(std::move(next.error()));
    }
  }

 private:
  void begin() {
    transaction_ = database_.begin();
    set_timeout();
  }

  void set_timeout() {
    // A refused time-out leaves the store's own, which is no reason to fail.
    if (limits_.store_timeout_us > 0) (void)transaction_->set_timeout_us(limits_.store_timeout_us);
  }

  Failure answer(Error error) const {
    if (in_flight_ && claims_nothing_written(error.code)) {
      probe(runtime_, Probe::kRefusalAfterDoubt);
      return fail(ErrorCode::kUnavailable,
                  "an earlier attempt may still land; now: " + error.message);
    }
    return Failure(std::move(error));
  }

  static Failure unavailable(StoreError error) {
    return fail(ErrorCode::kUnavailable, fmt::format("store: {}", to_string(error.code)));
  }

  Result<void> prepare_next(StoreError error, uint32_t attempt) {
    if (may_land_later(error.code)) {
      const int64_t pause = std::min(kLastPauseUs, kFirstPauseUs << std::min(attempt - 1, 10u));
      if (runtime_.sleep_us(pause) == WaitStatus::kProcessDead) return unavailable(error);
      begin();
      return {};
    }
    if (is_retryable_not_committed(error.code) || is_maybe_committed(error.code)) {
      if (!transaction_->on_error(error)) return unavailable(error);
      set_timeout();
      return {};
    }
    // The store fails for good. That is not the request's fault; and it is no look at what became
    // of an attempt in doubt.
    if (in_doubt_ || error.code != StoreCode::kTransactionTooLarge) return unavailable(error);
    return answer({ErrorCode::kTooLarge, fmt::format("store: {}", to_string(error.code))});
  }

  Database& database_;
  Runtime& runtime_;
  const RetryLimits& limits_;
  TransactionHandle transaction_;
  bool in_flight_ = false;  // an attempt may land at any time
  bool in_doubt_ = false;   // one was answered "maybe committed"
};

}  // namespace

Result<Attempt> run_transaction(Database& database, Runtime& runtime, const RetryLimits& limits,
                                absl::FunctionRef<AttemptResult(Transaction&)> body) {
  return Retrier(database, runtime, limits).run(body);
}

}  // namespace squall
