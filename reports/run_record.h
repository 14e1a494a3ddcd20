// One run as a sweep keeps it and as `--json` prints it: one JSON object on one line. A sweep's
// folder is made of these lines, and all that its summary says is computed from them alone.
//
// Fields: scenario, seed, verdict ("held" | "violated" | "error"), invariant, signature, message,
// capsule (these four null where there is none), defects [names], knobs {name: value}, events,
// virtual_ms, commits (acknowledged by the engine), statements, faults / invariants / probes {name:
// count} (of the probes those that were hit), hash (16 hex digits), cpu_ms, the figures of swarm
// (committing_actors, dirty_pages, commits_struck, staged_commits, compactions, shrinks,
// page_fetches), build, sqlite; in a replay's also reproduced (bool), in an exhaustive sweep's cell
// (text).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "sim/run_result.h"

namespace squall::reports {

struct RunRecord {
  sim::RunResult result;             // `fired` is not part of a record: the capsule has it
  std::vector<std::string> defects;  // names of the planted ones
  std::string capsule;               // path; empty: none was written
  std::string cell;  // of an exhaustive sweep: what went wrong; else empty, and left out
  std::string build;
  std::string sqlite;
  std::optional<bool>
      reproduced;  // of a replay: whether it ended as its capsule says; else left out
};

// Without the line's end.
std::string to_json_line(const RunRecord& record);
// The error is one clause for a message: "field 'seed' is missing or of another type".
tl::expected<RunRecord, std::string> parse_run_record(std::string_view line);

std::string hash_text(uint64_t hash);

}  // namespace squall::reports
