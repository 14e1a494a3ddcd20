// The planted defects: each breaks a property of the system, is found by plain swarm seeds, and has
// a witness. The switches themselves are in engine/planted.h; nothing in a run looks at them but
// the code that they break.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/planted.h"
#include "sim/capsule.h"

namespace squall::scenarios {

struct DefectInfo {
  Defect defect;
  uint32_t number;  // in the catalogue of the system's known bugs
  std::string_view name;
  std::string_view description;                       // the property that it breaks
  std::vector<std::string_view> expected_invariants;  // any of them is the right answer
  sim::Plan (*make_witness)(uint64_t seed);
};

// A bug of the catalogue that this design has no place for.
struct InexpressibleDefect {
  uint32_t number;
  std::string_view name;
  std::string_view why;
};

// By number.
std::span<const DefectInfo> defect_table();
std::span<const InexpressibleDefect> inexpressible_defects();
// The name of the scenario that is the defect's witness.
std::string witness_name(const DefectInfo& defect);
// By name or number; null: no such defect.
const DefectInfo* find_defect(std::string_view name_or_number);

// What the capsule names and this build doesn't have (a scenario or a defect), as one line; empty:
// nothing.
std::string missing_from_build(const sim::Capsule& capsule);

}  // namespace squall::scenarios
