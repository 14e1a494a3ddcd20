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
  std::string_view witness;                           // a scenario
};

std::span<const DefectInfo> defect_table();
// By name or number; null: no such defect.
const DefectInfo* find_defect(std::string_view name_or_number);

// What the capsule names and this build doesn't have (a scenario or a defect), as one line; empty:
// nothing.
std::string missing_from_build(const sim::Capsule& capsule);

}  // namespace squall::scenarios
