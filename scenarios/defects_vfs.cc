// The planted defects of vfs/: what stands between SQLite and the engine.
#include "scenarios/defect_rows.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

std::vector<DefectInfo> vfs_defects() {
  return {
      {Defect::kReadReplyOverwritesHead,
       6,
       "read-reply-overwrites-head",
       "a session's head and size change only by its own commits",
       {"page-images", "no-zombie-commit", "sql-twin", "legal-fences-only", "sqlite-integrity",
        "error-old-or-new"},
       witness_read_reply_overwrites_head},
      {Defect::kFetchBeforeFullWrite,
       7,
       "fetch-before-full-write",
       "a page that is written in full is not read before",
       {"round-trip-budget"},
       witness_fetch_before_full_write},
  };
}

}  // namespace squall::scenarios
