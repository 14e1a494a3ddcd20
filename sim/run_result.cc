#include "sim/run_result.h"

#include "engine/assert.h"

namespace squall::sim {

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHeld: return "held";
    case Verdict::kViolated: return "violated";
    case Verdict::kError: return "error";
  }
  SQUALL_ASSERT(!"a verdict has three values");
  return "";
}

}  // namespace squall::sim
