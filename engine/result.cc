#include "engine/result.h"

namespace squall {

const char* to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidRequest: return "invalid request";
    case ErrorCode::kFenced: return "fenced";
    case ErrorCode::kSuperseded: return "superseded";
    case ErrorCode::kTooLarge: return "commit too large";
    case ErrorCode::kStageIncomplete: return "stage incomplete";
    case ErrorCode::kQuotaExceeded: return "quota exceeded";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kUnavailable: return "unavailable";
  }
  return "unknown error";
}

}  // namespace squall
