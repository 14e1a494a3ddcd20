// Planted defects: switches that break one property each, so that the sweep can prove that it finds
// it. planted(defect) is consulted wherever a defence would restore the property. The switches are
// one read-only table, set before a run and by nobody else; the world and the scenarios never look
// at it. The production build compiles every call to false.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace squall {

// The number of each is its number in the catalogue of known bugs of such a system.
enum class Defect : uint8_t {
  kCommitReadsHeadAtSnapshot = 1,
  kCompactionReadsHeadAtSnapshot = 2,
  kTakeoverReadsHeadAtSnapshot = 3,
  kCompactionWritesStaleHead = 4,
  kStoreStampsPlainSet = 5,
  kReadReplyOverwritesHead = 6,
  kFetchBeforeFullWrite = 7,
  kFailedCommitLeavesFileAlive = 8,
  kNoBatchProbe = 9,
  kEmptyCommitReachesEngine = 10,
  kErrorClosesConnection = 11,
  kFinalizeRewritesBlob = 12,
  kFinalizeWritesNoIndex = 13,
  kReadZeroesWhenSourceMissing = 14,
  kCompactionLeavesIndexStale = 15,
  kShrinkLeavesRows = 16,
  kShardKeepsPagesPastEnd = 17,
  kRegrowthShowsOldBytes = 18,
  kTakeoverLosesRace = 19,
  kFailedStartStaysOpen = 20,
  kOldStartResurrects = 21,
  kReplayedStartTakesOver = 22,
  kLateWriteReopens = 23,
  kFencesDropped = 24,
  kAbsentHeadSkipsFence = 25,
  kStageIgnoresGeneration = 27,
  kForeignCommitLeavesIndexStale = 28,
  kLostReplyTakenForRefusal = 29,
  kLostSyncReplyRolledBack = 30,
  kAmbiguousCommitForgotten = 31,
  kStoreLimitsNotEnforced = 32,
  kScanMergesWritesPastEnd = 33,
  kTwelveByteVersionstamp = 34,
  kNoSnapshotPerTransaction = 35,
  kVersionBeforeVisibility = 36,
  kCompactionOverstatesCoverage = 37,
  kCompactionChasesHead = 38,
  kDeleteNotCredited = 39,
  kSlowReadZeroes = 40,
  kHungCommitNeverEnds = 41,
  kWakeUpLost = 42,
  kBoundedChannelsDeadlock = 43,
  kLostConnectionTakenForSuccess = 44,
  kUnboundedPageCache = 45,
  kReadFaultTakenForEmpty = 46,
  kTruncateLeavesCachedPage = 47,
  kCompactionDeletesOpenStage = 48,
  kColdIndexLoadOverwrites = 49,
  kTwoCoordinatorsFoldTwice = 50,
  kStagesNeverFreed = 51,
  kCloseCommitsOpenTransaction = 52,
  kSynchronousOffAllowed = 53,
  kWalAllowed = 54,
  kSuccessLeavesErrorText = 55,
  kInlineLimitOffByOne = 56,
  kChunkedDeleteMissesPieces = 57,
  kLimitedScanConflictsTooLittle = 58,
  kReverseScanReturnsLowest = 59,
  kBlobChecksumIgnored = 60,
  kWholeLastPieceLost = 61,
  kOpenBlobTrustedBySize = 62,
  kStagedChunkCountedTwice = 63,
  kLatchNeverReleased = 64,
  kCommitKnownBySequence = 65,
  kRefusedCommitIdReused = 66,
  kCacheAdoptsBeforeCommit = 67,
  kExhaustedScanMissesPhantoms = 68,
  kOldConflictsForgotten = 69,
  kSecondSpillLost = 70,
};

inline constexpr size_t kMaxDefects = 128;

#ifdef SQUALL_PRODUCTION
constexpr bool planted(Defect) { return false; }
#else
namespace internal {
extern std::array<bool, kMaxDefects> planted_defects;
}
inline bool planted(Defect defect) {
  return internal::planted_defects[static_cast<size_t>(defect)];
}
// Before a run only.
void set_planted(Defect defect, bool on);
void clear_planted();
#endif

}  // namespace squall
