// Rare states of engine/ and vfs/ that a sweep must have seen: one-line marks, nothing but counted.
// What each means, and which known bugs are set off there, stands in the simulator's table
// (sim/probes.cc). The production build compiles them to nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace squall {

enum class Probe : uint8_t {
  // Commits.
  kCommitRecognised,
  kCommitTriedAgain,
  kCommitFenced,
  kCommitOverForeignStage,
  kCommitRefusedForQuota,
  kCommitInPieces,
  kBlobAtInlineLimit,
  kShrinkClearsRows,
  kShrinkDropsShards,
  kShrinkInsideShard,
  kCommitWaitsForLatch,
  kCommitWaitsForPressure,
  kCommitBesideStaleIndex,
  // Staged commits.
  kStageBeginRepeated,
  kStageChunkRepeated,
  kStageFenced,
  kStageNotOpen,
  kFinalizeRecognised,
  kFinalizeIncomplete,
  kFinalizeFenced,
  kFinalizeShrinks,
  // Reads.
  kReadColdIndex,
  kReadStaleIndex,
  kReadFenced,
  kReadInPieces,
  kReadFromDeltaAndShard,
  kReadFindsBlobOpen,
  kBlobEvicted,
  // Takeovers.
  kTakeoverReplayed,
  kTakeoverSuperseded,
  kTakeoverOfSameStart,
  kTakeoverDiscardsStage,
  kTakeoverTriedAgain,
  kTakeoverWakesCompaction,
  kPreloadCut,
  // Compaction.
  kPassFindsNewOwner,
  kPassFindsNewEpoch,
  kPassFindsShrink,
  kPassFindsNewHead,
  kPassKeepsNewerRow,
  kPassMeetsOpenStage,
  kPassTrimsBoundary,
  kPassLeavesDeltas,
  kPassOverManyDeltas,
  kPassTriedAgain,
  kPassShrinksPieces,
  kPassFails,
  kLatchTaken,
  kWorkerSeesCommit,
  kWorkerGivesUp,
  kIdleCompaction,
  // Caches of a node.
  kIndexEvicted,
  kOlderIndexIgnored,
  // The store's answers.
  kStoreOutcomeUnknown,
  kStoreMayLandLater,
  kRefusalAfterDoubt,
  kStoreTriesUsedUp,
  // The VFS.
  kVfsAsksAgain,
  kVfsCommitRefused,
  kVfsDoubtfulRefusal,
  kVfsStagesCommit,
  kVfsStagesAgain,
  kVfsFileDies,
  kVfsDiesInCommit,
  kVfsClosesOverDirty,
  kVfsTruncates,
  kVfsFillsHole,
  kVfsSizeFromHeader,
  kVfsSpills,
  kVfsCommitsBySync,
  kVfsPrefetches,
  kVfsEvictsPage,
  kVfsFetchesWhileGrown,
  kVfsWritesUncachedPage,
  kVfsEmptyBatch,
  kVfsOpensJournal,
  kVfsRefusesPragma,
  kVfsShowsFreshPage,
  kVfsErrorTextCleared,
  kCount,
};

inline constexpr size_t kEngineProbeCount = static_cast<size_t>(Probe::kCount);

}  // namespace squall
