// How operations that write come by the head and the index rows of an actor: from the cache where
// its tag says that it is current, else from the store, in the same transaction.
#pragma once

#include "engine/engine_core.h"

namespace squall {

// The head; nothing when the actor has none. One round trip; a node that has no index cached loads
// it along.
Attempted<std::optional<Head>> read_head(EngineCore& core, ActorState& state,
                                         Transaction& transaction, ReadMode mode);

// Calls look with the index as of head, which the transaction has read. No wait lies between the
// moment that the index is known to be current and look; look must not wait.
Attempted<void> with_index(EngineCore& core, ActorState& state, Transaction& transaction,
                           ReadMode mode, const Head& head,
                           absl::FunctionRef<void(const PageIndex&)> look);

}  // namespace squall
