// A plan as JSON and back, whole: what is read is equal to what was written. The form is at the top
// of plan_json.cc.
#pragma once

#include <tl/expected.hpp>

#include "sim/json_reader.h"
#include "sim/plan.h"

namespace squall::sim {

Json plan_to_json(const Plan& plan);
// Checks ranges and references as well: each statement's SQL and each control action's actor exist.
Plan plan_from_json(const JsonReader& reader);

}  // namespace squall::sim
