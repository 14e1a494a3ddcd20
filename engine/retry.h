// The one way to run a store transaction: attempts until one of them is answered, within a bound.
//
// The body makes one attempt: it reads, decides, writes. It ends with
//   kCommit    its writes shall be committed,
//   kAnswered  the answer is known from what it read; nothing is committed,
//   an Error   the answer is that error, at once,
//   a store error, which is retried where the store says that it helps.
//
// A commit with an unknown outcome is never guessed at: the body runs again and must first look, in
// the head that it reads, whether the work is done: a commit by its id, a takeover by its owner
// token, a compaction by its epoch, stage operations by the stage row. Everything that an attempt
// writes conflicts with every other writer of the actor through the head, so of two attempts at
// most one lands.
#pragma once

#include <absl/functional/function_ref.h>

#include <variant>

#include "engine/engine_options.h"
#include "engine/result.h"
#include "engine/runtime.h"
#include "engine/store.h"

namespace squall {

enum class Attempt : uint8_t { kCommit, kAnswered };

using AttemptError = std::variant<StoreError, Error>;
using AttemptResult = tl::expected<Attempt, AttemptError>;
template <typename T>
using Attempted = tl::expected<T, AttemptError>;

inline tl::unexpected<AttemptError> stop(StoreError error) {
  return tl::unexpected<AttemptError>(AttemptError(error));
}
inline tl::unexpected<AttemptError> stop(Error error) {
  return tl::unexpected<AttemptError>(AttemptError(std::move(error)));
}
inline tl::unexpected<AttemptError> stop(AttemptError error) {
  return tl::unexpected<AttemptError>(std::move(error));
}

// What the last attempt was answered: kCommit landed, or kAnswered. Errors: the body's own;
// kUnavailable when the attempts are used up, or the store cannot say more or fails for good. After
// a commit that timed out and may land later, an error of the body that claims "nothing was
// written" is turned into kUnavailable: only the look of a later request can tell.
Result<Attempt> run_transaction(Database& database, Runtime& runtime, const RetryLimits& limits,
                                absl::FunctionRef<AttemptResult(Transaction&)> body);

}  // namespace squall
