#include "vfs/patience.h"

#include <algorithm>

#include "engine/planted.h"

namespace squall {

namespace {
constexpr int64_t kForeverUs = int64_t{1} << 50;
}  // namespace

Result<void> Patience::back_off(const Error& cause) {
  if (attempts_left_ == 0) return Failure(cause);
  const int64_t wait_ms =
      std::min(policy_.first_backoff_ms << std::min(waits_, 20u), policy_.max_backoff_ms);
  ++waits_;
  const int64_t wait_us = planted(Defect::kHungCommitNeverEnds) ? kForeverUs : wait_ms * 1000;
  if (runtime_.sleep_us(wait_us) == WaitStatus::kProcessDead) {
    return fail(ErrorCode::kUnavailable, "the process was killed");
  }
  return {};
}

Result<Reply> call_once(Transport& transport, Request request, bool* process_dead) {
  tl::expected<Reply, TransportError> reply = transport.call(std::move(request));
  if (!reply) {
    *process_dead = reply.error() == TransportError::kProcessDead;
    return fail(ErrorCode::kUnavailable,
                *process_dead ? "the process was killed" : "no reply from the engine");
  }
  if (auto* error = std::get_if<Error>(&reply->body)) return Failure(std::move(*error));
  return std::move(*reply);
}

}  // namespace squall
