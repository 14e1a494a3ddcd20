// Failures as values. Result<T> is T or an Error of the storage system; the store and the LTX codec
// have error types of their own (store.h, ltx_error.h) and the same shape.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace squall {

enum class ErrorCode : uint8_t {
  kInvalidRequest,   // the request breaks a rule of its message; asking again changes nothing
  kFenced,           // another owner, or another head, than the request names
  kSuperseded,       // a takeover with a start sequence older than the owner's
  kTooLarge,         // a commit above the largest delta: take the staged path
  kStageIncomplete,  // finalize misses chunks, or the stage is gone: stage again
  kQuotaExceeded,    // a growing commit beyond the quota; definite, nothing was written
  kCorrupt,          // stored bytes are not what was written: the message names actor and blob
  kUnavailable,  // the outcome is unknown or the store did not answer: the same request may be sent
                 // again
};

struct Error {
  ErrorCode code;
  std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;

inline Failure fail(ErrorCode code, std::string message) {
  return Failure(Error{code, std::move(message)});
}

const char* to_string(ErrorCode code);

}  // namespace squall
