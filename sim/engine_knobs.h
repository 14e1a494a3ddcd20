// A node's options from a run's knobs.
#pragma once

#include "engine/engine_options.h"
#include "sim/knobs.h"

namespace squall::sim {

EngineOptions engine_options(const Knobs& knobs);

}  // namespace squall::sim
