// The atomic operations on one value, FoundationDB's rules. Numbers are little-endian of any width;
// the result has the operand's length unless an operation says otherwise.
#pragma once

#include "sim/store/mutation.h"

namespace squall::sim {

// The value after `op` with `operand` on `existing`; nothing when the key ends up absent. Not for
// the two versionstamped operations, which don't look at the existing value (versionstamp.h).
StoreValue apply_atomic(AtomicOp op, const StoreValue& existing, const SharedBytes& operand);

}  // namespace squall::sim
