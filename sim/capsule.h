// A capsule: a failed (or any) run as a file that replays it without any probability in it: the
// knobs, the workload as data, the faults that fired, the keys of the nominal latencies, and what
// the run ended in. The form is at the top of capsule.cc.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/plan.h"
#include "sim/run_result.h"

namespace squall::sim {

// What the replay should end in.
struct ExpectedEnd {
  std::string invariant;  // empty: it held
  std::string signature;
  uint64_t hash = 0;

  friend bool operator==(const ExpectedEnd&, const ExpectedEnd&) = default;
};

struct Capsule {
  std::string build;                 // of the squall that wrote it
  std::string sqlite;                // a capsule replays only on the same SQLite
  std::vector<std::string> defects;  // planted ones, by name
  Plan plan;
  ExpectedEnd expected;
};

struct CapsuleError {
  enum class Kind : uint8_t {
    kUnreadable,   // not a capsule, cut short, or of the wrong form
    kUnknownName,  // names a fault, site, knob … or format version that this build doesn't have
    kIo,           // the file system said no
  };
  Kind kind;
  std::string message;  // one line
};

// The run of `plan` that ended in `result`: the faults that fired become the plan.
Capsule make_capsule(const Plan& plan, const RunResult& result, std::vector<std::string> defects,
                     std::string build, std::string sqlite);

std::string capsule_to_text(const Capsule& capsule);
// Scenario and defect names are not looked up: the tables are in scenarios/ (missing_from_build).
tl::expected<Capsule, CapsuleError> capsule_from_text(std::string_view text);

// All or nothing: into a file beside it, which then takes its name.
tl::expected<void, CapsuleError> write_capsule(const std::string& path, const Capsule& capsule);
tl::expected<Capsule, CapsuleError> read_capsule(const std::string& path);

}  // namespace squall::sim
