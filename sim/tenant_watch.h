// A transaction of the store's other tenant that looks at little, stands still while others commit,
// and then clears what is mostly empty: whether it may land depends on writes that left no key, and
// on history that the store would rather forget. Now and then it asks for more than the store may
// take.
#pragma once

#include <cstdint>
#include <string>

#include "engine/store.h"
#include "sim/core.h"
#include "sim/oracle/tenant_reads.h"

namespace squall::sim {

// All that it does follows from key.
StoreResult<void> run_tenant_watch(Core& core, squall::Transaction& store, TenantReads& truth,
                                   uint64_t key, const std::string& mark_key,
                                   const std::string& mark);

}  // namespace squall::sim
