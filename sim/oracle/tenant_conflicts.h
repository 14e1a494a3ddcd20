// Which keys a tenant's transaction conflicts over, by FoundationDB's rules: what its serializable
// reads looked at, without what it had decided itself by then.
#pragma once

#include <span>
#include <string>

#include "sim/oracle/tenant_reads.h"

namespace squall::sim {

// What the read conflict ranges that a transaction landed with cover too little or too much of the
// tenant's keys; nothing if they are right.
std::string find_wrong_conflict(const TenantTransaction& transaction,
                                std::span<const StoreKeyRange> taken);

}  // namespace squall::sim
