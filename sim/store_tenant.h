// Another tenant of the store, beside the actors: a few members that read and write the same few
// keys, each in transactions of its own. It asks of the store what the engine never asks (scans
// with a limit, in reverse, over own writes; versionstamps), and every answer is held against the
// truth. Two more watch in transactions of another kind (tenant_watch.h).
#pragma once

#include <cstdint>

#include "sim/core.h"
#include "sim/oracle/tenant_reads.h"

namespace squall::sim {

class StoreTenant {
 public:
  // None is owned; all outlive the tenant.
  StoreTenant(Core& core, Database& store, TenantReads& truth);

  // Each member makes as many transactions as the plan's knob says.
  void start();
  void shut_down();

 private:
  void run(uint64_t member);
  void run_transaction(uint64_t member, uint64_t number);

  Core& core_;
  Database& store_;
  TenantReads& truth_;
  Process process_;
};

}  // namespace squall::sim
