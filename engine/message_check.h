// The rules of a request that need no store: what a node refuses at its door, whether the request
// came through the codec or was handed over as a value.
#pragma once

#include "engine/messages.h"

namespace squall {

// kInvalidRequest naming the rule: a page 0; pages missing, out of order, twice or past the size;
// an empty database; no commit id; no chunks, or more than a stage may have.
Result<void> check_request(const Request& request);

}  // namespace squall
