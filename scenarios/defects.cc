#include "scenarios/defects.h"

#include <fmt/format.h>

#include "scenarios/scenario.h"

namespace squall::scenarios {

namespace {

std::vector<DefectInfo> make_table() {
  return {
      {Defect::kCommitReadsHeadAtSnapshot,
       1,
       "commit-reads-head-at-snapshot",
       "a commit conflicts with every other change of the head",
       {"head-monotonic", "no-zombie-commit", "compaction-preserves", "page-images", "usage-exact",
        "generation-monotonic", "store-serializable", "delta-range"},
       "witness-commit-reads-head-at-snapshot"},
      {Defect::kCompactionReadsHeadAtSnapshot,
       2,
       "compaction-reads-head-at-snapshot",
       "a compaction conflicts with every other change of the head",
       {"head-monotonic", "generation-monotonic", "page-images", "usage-exact", "acked-durable",
        "delta-range"},
       "witness-compaction-reads-head-at-snapshot"},
      {Defect::kTakeoverReadsHeadAtSnapshot,
       3,
       "takeover-reads-head-at-snapshot",
       "a takeover conflicts with every other change of the head",
       {"head-monotonic", "generation-monotonic", "no-zombie-commit", "acked-durable",
        "page-images"},
       "witness-takeover-reads-head-at-snapshot"},
      {Defect::kCompactionWritesStaleHead,
       4,
       "compaction-writes-stale-head",
       "a compaction changes of the head only what is its own",
       {"head-monotonic", "generation-monotonic", "usage-exact", "acked-durable", "page-images"},
       "witness-compaction-writes-stale-head"},
      {Defect::kStoreStampsPlainSet,
       5,
       "store-stamps-plain-set",
       "the store gives back each value as it was set",
       {"store-values-verbatim", "delta-range", "head-monotonic", "page-images"},
       "witness-store-stamps-plain-set"},
      {Defect::kReadReplyOverwritesHead,
       6,
       "read-reply-overwrites-head",
       "a session's head and size change only by its own commits",
       {"page-images", "no-zombie-commit", "sql-twin", "legal-fences-only", "sqlite-integrity",
        "error-old-or-new"},
       "witness-read-reply-overwrites-head"},
      {Defect::kFetchBeforeFullWrite,
       7,
       "fetch-before-full-write",
       "a page that is written in full is not read before",
       {"round-trip-budget"},
       "witness-fetch-before-full-write"},
      {Defect::kFinalizeWritesNoIndex,
       13,
       "finalize-writes-no-index",
       "the index names the newest copy of each page, of staged commits as well",
       {"page-images", "delta-range", "index-backed", "delta-range", "compaction-preserves"},
       "witness-finalize-writes-no-index"},
      {Defect::kReadZeroesWhenSourceMissing,
       14,
       "read-zeroes-when-source-missing",
       "a page that is found nowhere is an error, never zeros",
       {"page-images", "sqlite-integrity", "sql-twin"},
       "witness-read-zeroes-when-source-missing"},
      {Defect::kShrinkLeavesRows,
       16,
       "shrink-leaves-rows",
       "a shrink removes every row past the end and credits its bytes",
       {"shrink-clean", "delta-range", "usage-exact"},
       "witness-shrink-leaves-rows"},
      {Defect::kReplayedStartTakesOver,
       22,
       "replayed-start-takes-over",
       "a start command that is replayed changes nothing",
       {"legal-fences-only", "generation-monotonic"},
       "witness-replayed-start-takes-over"},
      {Defect::kAmbiguousCommitForgotten,
       31,
       "ambiguous-commit-forgotten",
       "a commit in doubt ends in the right answer, never in a fence of its own",
       {"legal-fences-only", "acked-durable", "error-old-or-new"},
       "witness-ambiguous-commit-forgotten"},
      {Defect::kCompactionDeletesOpenStage,
       48,
       "compaction-deletes-open-stage",
       "a compaction leaves a staged commit in flight alone",
       {"page-images", "delta-range", "index-backed", "growth-explicit", "acked-durable",
        "delta-range", "usage-exact"},
       "witness-compaction-deletes-open-stage"},
      {Defect::kColdIndexLoadOverwrites,
       49,
       "cold-index-load-overwrites",
       "a page index that is loaded late doesn't replace newer rows",
       {"page-images", "sql-twin", "sqlite-integrity", "usage-exact", "index-backed"},
       "witness-cold-index-load-overwrites"},
  };
}

}  // namespace

std::span<const DefectInfo> defect_table() {
  static const std::vector<DefectInfo> table = make_table();
  return table;
}

const DefectInfo* find_defect(std::string_view name_or_number) {
  for (const DefectInfo& row : defect_table()) {
    if (row.name == name_or_number || fmt::format("{}", row.number) == name_or_number) return &row;
  }
  return nullptr;
}

std::string missing_from_build(const sim::Capsule& capsule) {
  if (find_scenario(capsule.plan.scenario) == nullptr) {
    return fmt::format("this build has no scenario '{}'", capsule.plan.scenario);
  }
  for (const std::string& defect : capsule.defects) {
    if (find_defect(defect) == nullptr) return fmt::format("this build has no defect '{}'", defect);
  }
  return {};
}

}  // namespace squall::scenarios
