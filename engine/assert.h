// Assertions that run in every build. They are for our own bugs: bad input and store failures are
// values (result.h), never assertions. One condition each; a failure prints it and aborts.
#pragma once

namespace squall {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace squall

#define SQUALL_ASSERT(condition)                     \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::squall::assertion_failed(#condition, __FILE__, __LINE__))
