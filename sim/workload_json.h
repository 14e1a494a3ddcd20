// A workload as JSON and back, for plan_json.cc. The form is at the top of workload_json.cc.
#pragma once

#include "sim/json_reader.h"
#include "sim/workload.h"

namespace squall::sim {

Json workload_to_json(const Workload& workload);
Workload workload_from_json(const JsonReader& reader);

}  // namespace squall::sim
