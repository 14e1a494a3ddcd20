// Asking an engine node until it gives a definite answer. Every request of the system is safe to
// send again, so an unknown outcome (the connection dropped, no reply, "unavailable") means: wait,
// ask again.
#pragma once

#include <cstdint>
#include <variant>

#include "engine/result.h"
#include "engine/runtime.h"
#include "engine/transport.h"
#include "vfs/options.h"

namespace squall {

// The budget of one logical operation, over all its requests.
class Patience {
 public:
  Patience(const RetryPolicy& policy, Runtime& runtime)
      : runtime_(runtime), policy_(policy), attempts_left_(policy.attempts) {}

  // Takes one attempt. False: the budget is over.
  bool take_attempt() {
    if (attempts_left_ == 0) return false;
    --attempts_left_;
    return true;
  }
  // Waits before the next attempt. Fails where there is none left, or where the process died.
  Result<void> back_off(const Error& cause);
  // Some attempt had an unknown outcome, so a later refusal does not say that nothing was written.
  bool saw_unknown() const { return saw_unknown_; }
  void note_unknown() { saw_unknown_ = true; }
  void mark_again() { probe(runtime_, Probe::kVfsAsksAgain); }

 private:
  Runtime& runtime_;
  RetryPolicy policy_;
  uint32_t attempts_left_;
  uint32_t waits_ = 0;
  bool saw_unknown_ = false;
};

// Of a commit: nothing was written, if no attempt was of unknown outcome.
inline bool is_refusal(ErrorCode code) {
  return code == ErrorCode::kQuotaExceeded || code == ErrorCode::kTooLarge;
}

// One request, once. A reply that carries an error becomes that error; what the transport does not
// know becomes kUnavailable. *process_dead is set when the process was killed.
Result<Reply> call_once(Transport& transport, Request request, bool* process_dead);

// make_request() is called for each attempt. Answers with a reply without an error, or with the
// first error that is not kUnavailable, or with kUnavailable at the end of the budget or of the
// process.
template <typename MakeRequest>
Result<Reply> call_patiently(Transport& transport, Patience& patience, MakeRequest&& make_request) {
  Error last{ErrorCode::kUnavailable, "no attempt left"};
  while (patience.take_attempt()) {
    if (patience.saw_unknown()) patience.mark_again();
    bool process_dead = false;
    Result<Reply> reply = call_once(transport, make_request(), &process_dead);
    if (reply || process_dead || reply.error().code != ErrorCode::kUnavailable) return reply;
    patience.note_unknown();
    last = std::move(reply.error());
    if (Result<void> waited = patience.back_off(last); !waited) return Failure(waited.error());
  }
  return Failure(last);
}

}  // namespace squall
