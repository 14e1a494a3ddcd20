#include "scenarios/witnesses.h"

#include <fmt/format.h>

#include <array>

#include "scenarios/defects.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

namespace {

struct WitnessRow {
  Defect defect;
  sim::Plan (*make_plan)(uint64_t seed);
};

constexpr std::array kRows = std::to_array<WitnessRow>({
    {Defect::kCommitReadsHeadAtSnapshot, witness_commit_reads_head_at_snapshot},
    {Defect::kCompactionReadsHeadAtSnapshot, witness_compaction_reads_head_at_snapshot},
    {Defect::kTakeoverReadsHeadAtSnapshot, witness_takeover_reads_head_at_snapshot},
    {Defect::kCompactionWritesStaleHead, witness_compaction_writes_stale_head},
    {Defect::kStoreStampsPlainSet, witness_store_stamps_plain_set},
    {Defect::kReadReplyOverwritesHead, witness_read_reply_overwrites_head},
    {Defect::kFetchBeforeFullWrite, witness_fetch_before_full_write},
    {Defect::kFinalizeWritesNoIndex, witness_finalize_writes_no_index},
    {Defect::kReadZeroesWhenSourceMissing, witness_read_zeroes_when_source_missing},
    {Defect::kShrinkLeavesRows, witness_shrink_leaves_rows},
    {Defect::kReplayedStartTakesOver, witness_replayed_start_takes_over},
    {Defect::kAmbiguousCommitForgotten, witness_ambiguous_commit_forgotten},
    {Defect::kCompactionDeletesOpenStage, witness_compaction_deletes_open_stage},
    {Defect::kColdIndexLoadOverwrites, witness_cold_index_load_overwrites},
});

const DefectInfo& info_of(Defect defect) {
  for (const DefectInfo& row : defect_table()) {
    if (row.defect == defect) return row;
  }
  SQUALL_ASSERT(!"every witness is of a defect in the table");
  return defect_table().front();
}

}  // namespace

std::vector<Scenario> witness_scenarios() {
  std::vector<Scenario> scenarios;
  for (const WitnessRow& row : kRows) {
    const DefectInfo& defect = info_of(row.defect);
    Scenario& scenario = scenarios.emplace_back();
    scenario.name = defect.witness;
    scenario.description = fmt::format("fails only with defect {} planted", defect.number);
    scenario.make_plan = row.make_plan;
    scenario.in_default_checks = false;
  }
  return scenarios;
}

}  // namespace squall::scenarios
