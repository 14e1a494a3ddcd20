// The start of a session: one process's life of an actor, from its takeover on.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/messages.h"
#include "engine/runtime.h"
#include "engine/transport.h"
#include "vfs/options.h"

namespace squall {

// Pages that the takeover should send along, beside page 1.
struct PreloadHints {
  std::vector<uint32_t> pgnos;
  std::vector<PageRange> ranges;
  uint32_t max_bytes = 1 << 20;  // of raw pages
};

struct SessionStart {
  ActorId actor = 0;
  Owner owner;
  HeadView head;
  std::vector<NumberedPage> preloaded;  // of the database at that head
};

// Takes the actor over for the owner. Asks again while the outcome is unknown: the same owner token
// is a replay and changes nothing. kSuperseded: a newer start exists. kUnavailable: the budget is
// over, or the process was killed. Other errors are the engine's.
Result<SessionStart> take_over(ActorId actor, Owner owner, const PreloadHints& hints,
                               Transport& transport, Runtime& runtime, const RetryPolicy& retry);

}  // namespace squall
