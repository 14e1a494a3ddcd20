// What the benchmark makes SQLite do, as a plan for the whole system and as the same SQL on the
// bare VFS.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/plan.h"

namespace squall::commands {

enum class CommitKind : uint8_t {
  kOnePage,      // INSERT of a row of integers at the table's end: 1 page, but for the odd split
  kIndexedText,  // INSERT of 100 bytes of text with an index over it: 3 pages and a bit
};

struct CommitLoad {
  CommitKind kind = CommitKind::kOnePage;
  uint32_t actors = 1;
  uint32_t commits_per_actor = 1;  // after the one that makes the table
};

// Calm: no faults, nominal latencies, one node, a host for every 100 actors.
sim::Plan commit_plan(const CommitLoad& load, bool oracle);
// CPU seconds of the same on the bare VFS, one connection an actor, one commit of each in turn.
// Nothing when SQLite failed or didn't commit by atomic batches.
std::optional<double> run_bare(const CommitLoad& load);

// Random single-row reads from a table far larger than SQLite's own cache. `cold`: the VFS's cache
// is as small.
sim::Plan read_plan(bool cold);
// `rows` blobs of 4096 random bytes in one transaction.
sim::Plan large_plan(uint32_t rows);

double process_cpu_s();

}  // namespace squall::commands
