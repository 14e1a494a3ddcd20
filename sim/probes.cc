#include "sim/probes.h"

#include "engine/assert.h"

namespace squall::sim {
namespace {

constexpr ProbeInfo row(Probe probe, std::string_view name, std::string_view where,
                        std::string_view bugs, std::string_view meaning) {
  return {probe_id(probe), name, where, bugs, meaning};
}
constexpr ProbeInfo row(WorldProbe probe, std::string_view name, std::string_view where,
                        std::string_view bugs, std::string_view meaning) {
  return {probe_id(probe), name, where, bugs, meaning};
}

constexpr ProbeInfo kProbes[] = {
    row(Probe::kCommitRecognised, "commit-recognised", "engine", "29 31",
        "a commit that had landed before is known by its id and answered again"),
    row(Probe::kCommitTriedAgain, "commit-tried-again", "engine", "1",
        "a commit's store transaction fails and its body runs again"),
    row(Probe::kCommitFenced, "commit-fenced", "engine", "24 25 26",
        "a commit meets another generation or head"),
    row(Probe::kCommitOverForeignStage, "commit-over-foreign-stage", "engine", "51",
        "a plain commit finds a stage open and removes it"),
    row(Probe::kCommitRefusedForQuota, "commit-refused-for-quota", "engine", "39",
        "a growing commit is over the quota"),
    row(Probe::kCommitInPieces, "commit-in-pieces", "engine", "57", "a delta is cut into pieces"),
    row(Probe::kBlobAtInlineLimit, "blob-at-inline-limit", "engine", "32 56",
        "a blob is within 32 bytes of the largest value that stays whole"),
    row(Probe::kShrinkClearsRows, "shrink-clears-rows", "engine", "16 47",
        "a shrink removes index rows past the end"),
    row(Probe::kShrinkDropsShards, "shrink-drops-shards", "engine", "16",
        "a shrink removes whole shards"),
    row(Probe::kShrinkInsideShard, "shrink-inside-shard", "engine", "17",
        "a shrink ends inside the shard in which the database ended"),
    row(Probe::kCommitWaitsForLatch, "commit-waits-for-latch", "engine", "38 43",
        "a commit waits for a compaction that took its turn"),
    row(Probe::kCommitWaitsForPressure, "commit-waits-for-pressure", "engine", "41 43",
        "a commit waits because too many bytes lie in deltas"),
    row(Probe::kCommitBesideStaleIndex, "commit-beside-stale-index", "engine", "28 49",
        "a commit lands while the node's cached index is of another head"),
    row(Probe::kStageBeginRepeated, "stage-begin-repeated", "engine", "31",
        "a stage begins that is open already"),
    row(Probe::kStageChunkRepeated, "stage-chunk-repeated", "engine", "31 63",
        "a chunk comes that is stored already"),
    row(Probe::kStageFenced, "stage-fenced", "engine", "27",
        "a stage request meets another generation or head"),
    row(Probe::kStageNotOpen, "stage-not-open", "engine", "27 51",
        "a chunk comes for a stage that is not open"),
    row(Probe::kFinalizeRecognised, "finalize-recognised", "engine", "29 31",
        "a staged commit that had landed is known by its id"),
    row(Probe::kFinalizeIncomplete, "finalize-incomplete", "engine", "12 51",
        "a finalize misses chunks, or its stage is gone"),
    row(Probe::kFinalizeFenced, "finalize-fenced", "engine", "27",
        "a finalize meets another generation or head"),
    row(Probe::kFinalizeShrinks, "finalize-shrinks", "engine", "16 29",
        "a staged commit leaves the database smaller, and index rows past its end"),
    row(Probe::kReadColdIndex, "read-cold-index", "engine", "13 49",
        "a read finds no index in memory"),
    row(Probe::kReadStaleIndex, "read-stale-index", "engine", "15 28",
        "a read planned by an index that turns out to be of another head"),
    row(Probe::kReadFenced, "read-fenced", "engine", "27", "a read meets another generation"),
    row(Probe::kReadInPieces, "read-in-pieces", "engine", "57 60",
        "a page comes from a blob that is cut"),
    row(Probe::kReadFromDeltaAndShard, "read-from-delta-and-shard", "engine", "14 60",
        "one request takes pages from deltas and from shards"),
    row(Probe::kReadFindsBlobOpen, "read-finds-blob-open", "engine", "60 62",
        "a blob is found open in the cache"),
    row(Probe::kBlobEvicted, "blob-evicted", "engine", "45", "an open blob makes room for another"),
    row(Probe::kTakeoverReplayed, "takeover-replayed", "engine", "20 21 22",
        "the owner takes over again"),
    row(Probe::kTakeoverSuperseded, "takeover-superseded", "engine", "21 23",
        "an older start tries to take over"),
    row(Probe::kTakeoverOfSameStart, "takeover-of-same-start", "engine", "20 23",
        "another process takes over under the owner's start"),
    row(Probe::kTakeoverDiscardsStage, "takeover-discards-stage", "engine", "27 51",
        "a takeover removes an open stage"),
    row(Probe::kTakeoverTriedAgain, "takeover-tried-again", "engine", "3 19",
        "a takeover's store transaction fails and its body runs again"),
    row(Probe::kTakeoverWakesCompaction, "takeover-wakes-compaction", "engine", "19 42",
        "a takeover finds enough deltas to wake a compaction"),
    row(Probe::kPreloadCut, "preload-cut", "engine", "45 46",
        "a takeover sends as many pages as it may"),
    row(Probe::kPassFindsNewOwner, "pass-finds-new-owner", "engine", "4 19",
        "a compaction is void: the actor was taken over since its snapshot"),
    row(Probe::kPassFindsNewEpoch, "pass-finds-new-epoch", "engine", "50",
        "a compaction is void: another one landed since its snapshot"),
    row(Probe::kPassFindsShrink, "pass-finds-shrink", "engine", "16 17",
        "a compaction is void: the database shrank since its snapshot"),
    row(Probe::kPassFindsNewHead, "pass-finds-new-head", "engine", "2 4 38",
        "a compaction goes on over commits that landed since its snapshot"),
    row(Probe::kPassKeepsNewerRow, "pass-keeps-newer-row", "engine", "2 4 15",
        "a folded page was written again meanwhile: its index row stays"),
    row(Probe::kPassMeetsOpenStage, "pass-meets-open-stage", "engine", "48",
        "a compaction's snapshot has the chunks of an open stage"),
    row(Probe::kPassTrimsBoundary, "pass-trims-boundary", "engine", "17",
        "a compaction folds the last shard to drop pages past the end"),
    row(Probe::kPassLeavesDeltas, "pass-leaves-deltas", "engine", "37",
        "a compaction's inputs are capped"),
    row(Probe::kPassOverManyDeltas, "pass-over-many-deltas", "engine", "37",
        "a snapshot has 48 live deltas or more"),
    row(Probe::kPassTriedAgain, "pass-tried-again", "engine", "2 50",
        "a compaction's write fails and its body runs again"),
    row(Probe::kPassShrinksPieces, "pass-shrinks-pieces", "engine", "57 61",
        "a shard is written in fewer pieces than it had"),
    row(Probe::kPassFails, "pass-fails", "engine", "38", "a compaction ends in an error"),
    row(Probe::kLatchTaken, "latch-taken", "engine", "38 43 64",
        "a compaction makes commits wait after lost tries"),
    row(Probe::kWorkerSeesCommit, "worker-sees-commit", "engine", "38 42",
        "commits landed during a compaction pass"),
    row(Probe::kWorkerGivesUp, "worker-gives-up", "engine", "38 42",
        "a compaction worker ends with work left"),
    row(Probe::kIdleCompaction, "idle-compaction", "engine", "42",
        "an actor is compacted because it is idle"),
    row(Probe::kIndexEvicted, "index-evicted", "engine", "45 49",
        "an actor's cached index makes room for another"),
    row(Probe::kOlderIndexIgnored, "older-index-ignored", "engine", "49",
        "an index is loaded that is older than the cached one"),
    row(Probe::kStoreOutcomeUnknown, "store-outcome-unknown", "engine", "31",
        "the store does not say whether a commit landed"),
    row(Probe::kStoreMayLandLater, "store-may-land-later", "engine", "31 44",
        "a store commit timed out and may still land"),
    row(Probe::kRefusalAfterDoubt, "refusal-after-doubt", "engine", "29 31",
        "a refusal is not told because an earlier attempt may still land"),
    row(Probe::kStoreTriesUsedUp, "store-tries-used-up", "engine", "19 41",
        "a store transaction failed too often"),
    row(Probe::kVfsAsksAgain, "vfs-asks-again", "vfs", "29 44",
        "a request of unknown outcome is sent again"),
    row(Probe::kVfsCommitRefused, "vfs-commit-refused", "vfs", "8 55 66",
        "SQLite hears that its commit is refused"),
    row(Probe::kVfsDoubtfulRefusal, "vfs-doubtful-refusal", "vfs", "29 30",
        "a refusal comes after an attempt of unknown outcome"),
    row(Probe::kVfsStagesCommit, "vfs-stages-commit", "vfs", "12 13 32 48",
        "a commit goes the staged way"),
    row(Probe::kVfsStagesAgain, "vfs-stages-again", "vfs", "51", "chunks are sent a second time"),
    row(Probe::kVfsFileDies, "vfs-file-dies", "vfs", "8 11",
        "a database file dies, its process lives"),
    row(Probe::kVfsDiesInCommit, "vfs-dies-in-commit", "vfs", "8 29 30",
        "a database file dies with a commit's pages"),
    row(Probe::kVfsClosesOverDirty, "vfs-closes-over-dirty", "vfs", "23 52",
        "a database is closed with pages that were not committed"),
    row(Probe::kVfsTruncates, "vfs-truncates", "vfs", "16 47", "SQLite makes the file shorter"),
    row(Probe::kVfsFillsHole, "vfs-fills-hole", "vfs", "18",
        "a commit carries a new page that SQLite never wrote"),
    row(Probe::kVfsSizeFromHeader, "vfs-size-from-header", "vfs", "16 18",
        "page 1 states a smaller database than the file is long"),
    row(Probe::kVfsSpills, "vfs-spills", "vfs", "30 70", "SQLite writes outside an atomic batch"),
    row(Probe::kVfsCommitsBySync, "vfs-commits-by-sync", "vfs", "9 30", "a sync is what commits"),
    row(Probe::kVfsPrefetches, "vfs-prefetches", "vfs", "45",
        "a fetch asks for more pages than SQLite did"),
    row(Probe::kVfsEvictsPage, "vfs-evicts-page", "vfs", "45 47",
        "a cached page makes room for another"),
    row(Probe::kVfsFetchesWhileGrown, "vfs-fetches-while-grown", "vfs", "6",
        "a page is fetched inside a transaction that has grown the file"),
    row(Probe::kVfsWritesUncachedPage, "vfs-writes-uncached-page", "vfs", "7",
        "a page that is not in the cache is overwritten in full"),
    row(Probe::kVfsEmptyBatch, "vfs-empty-batch", "vfs", "10",
        "a batch or a sync comes without pages"),
    row(Probe::kVfsOpensJournal, "vfs-opens-journal", "vfs", "9 30",
        "SQLite opens a rollback journal"),
    row(Probe::kVfsRefusesPragma, "vfs-refuses-pragma", "vfs", "9 53 54",
        "a pragma is refused with which commits would not reach the engine"),
    row(Probe::kVfsShowsFreshPage, "vfs-shows-fresh-page", "vfs", "9 46",
        "a new database begins with a page of the VFS's own making"),
    row(Probe::kVfsErrorTextCleared, "vfs-error-text-cleared", "vfs", "55",
        "a commit succeeds after a refused one"),

    row(WorldProbe::kLandedUnheard, "landed-unheard", "world", "8 29 30 44",
        "a commit landed, and SQLite heard of a failure"),
    row(WorldProbe::kLandedAfterGivingUp, "landed-after-giving-up", "world", "8 29 44",
        "a commit lands after its session gave it up"),
    row(WorldProbe::kLandedAfterDeath, "landed-after-death", "world", "23 44",
        "a commit lands after its process died"),
    row(WorldProbe::kSupersededFenced, "superseded-fenced", "world", "23 24 25 27",
        "a live session hears that another one owns its actor"),
    row(WorldProbe::kSupersededHearsOfItsCommit, "superseded-hears-of-its-commit", "world", "24 29",
        "a superseded session is told that its commit is done"),
    row(WorldProbe::kStartReplayed, "start-replayed", "world", "20 21 22",
        "a start command comes again to the process that it started"),
    row(WorldProbe::kStartIgnored, "start-ignored", "world", "21 23",
        "a start command comes that is old news"),
    row(WorldProbe::kStopIgnored, "stop-ignored", "world", "20 21",
        "a stop command comes that fits no process"),
    row(WorldProbe::kStartCancelled, "start-cancelled", "world", "20",
        "a process is stopped before it is open"),
    row(WorldProbe::kStartFails, "start-fails", "world", "11 19 20 46",
        "a process gives up before it is open"),
    row(WorldProbe::kTwoProcessesOpen, "two-processes-open", "world", "22 24 27",
        "a process opens an actor that another host still has open"),
    row(WorldProbe::kActorChangesNode, "actor-changes-node", "world", "15 22 28 50",
        "a commit of an actor reaches another node than the one before"),
    row(WorldProbe::kHostDiesInCommit, "host-dies-in-commit", "world", "23 44 52",
        "a host dies with a commit in flight"),
    row(WorldProbe::kNodeDiesInCommit, "node-dies-in-commit", "world", "29 41",
        "a node dies with a commit in flight"),
    row(WorldProbe::kDropMeetsCalls, "drop-meets-calls", "world", "29 41 44",
        "a connection is lost while someone waits for a reply"),
    row(WorldProbe::kRequestTimesOut, "request-times-out", "world", "29 41",
        "a caller waits until its time-out"),
    row(WorldProbe::kUnsentGoesOut, "unsent-goes-out", "world", "22 43",
        "a request waits for a connection"),
    row(WorldProbe::kStoreConflict, "store-conflict", "store", "1 2 3 58 68 69",
        "the store refuses a commit over what another one wrote"),
    row(WorldProbe::kStoreReadsOldValue, "store-reads-old-value", "store", "35 40",
        "a read gets a value that has been overwritten since its version"),
    row(WorldProbe::kStoreReadsDuringCommit, "store-reads-during-commit", "store", "35 36",
        "a transaction gets its read version while a commit is on its way"),
    row(WorldProbe::kStoreScansOwnWrites, "store-scans-own-writes", "store", "33 58 59",
        "a range is read by a transaction that has written"),
    row(WorldProbe::kStoreSetLooksLikeStamp, "store-set-looks-like-stamp", "store", "5 34",
        "a value is set whose end could be a place for a versionstamp"),

    row(WorldProbe::kCommitLandsDuringRead, "commit-lands-during-read", "pair", "6 35", ""),
    row(WorldProbe::kCommitLandsDuringTakeover, "commit-lands-during-takeover", "pair", "3 23", ""),
    row(WorldProbe::kCommitLandsDuringCompaction, "commit-lands-during-compaction", "pair",
        "1 2 4 38 42 49", ""),
    row(WorldProbe::kFinalizeLandsDuringCompaction, "finalize-lands-during-compaction", "pair",
        "13 48", ""),
    row(WorldProbe::kStageLandsDuringCompaction, "stage-lands-during-compaction", "pair", "4 48",
        ""),
    row(WorldProbe::kShrinkLandsDuringCompaction, "shrink-lands-during-compaction", "pair", "16 17",
        ""),
    row(WorldProbe::kTakeoverLandsDuringRead, "takeover-lands-during-read", "pair", "27 28", ""),
    row(WorldProbe::kTakeoverLandsDuringCommit, "takeover-lands-during-commit", "pair",
        "1 23 24 25", ""),
    row(WorldProbe::kTakeoverLandsDuringStage, "takeover-lands-during-stage", "pair", "27", ""),
    row(WorldProbe::kTakeoverLandsDuringFinalize, "takeover-lands-during-finalize", "pair", "23 27",
        ""),
    row(WorldProbe::kTakeoverLandsDuringTakeover, "takeover-lands-during-takeover", "pair",
        "3 19 22", ""),
    row(WorldProbe::kTakeoverLandsDuringCompaction, "takeover-lands-during-compaction", "pair",
        "4 19", ""),
    row(WorldProbe::kCompactionLandsDuringRead, "compaction-lands-during-read", "pair", "14 15 40",
        ""),
    row(WorldProbe::kCompactionLandsDuringCommit, "compaction-lands-during-commit", "pair",
        "1 2 39", ""),
    row(WorldProbe::kCompactionLandsDuringFinalize, "compaction-lands-during-finalize", "pair",
        "1 48", ""),
    row(WorldProbe::kCompactionLandsDuringTakeover, "compaction-lands-during-takeover", "pair",
        "3 19", ""),
    row(WorldProbe::kCompactionLandsDuringCompaction, "compaction-lands-during-compaction", "pair",
        "39 50", ""),
    row(WorldProbe::kTakeoverLandsOverStage, "takeover-lands-over-stage", "pair", "27 51", ""),
    row(WorldProbe::kCompactionLandsOverStage, "compaction-lands-over-stage", "pair", "48", ""),
    row(WorldProbe::kTakeoverLandsOverStageDuringCompaction,
        "takeover-lands-over-stage-during-compaction", "pair", "27 48 51", ""),
    row(WorldProbe::kCompactionLandsOverStageDuringTakeover,
        "compaction-lands-over-stage-during-takeover", "pair", "27 48", ""),
};
static_assert(std::size(kProbes) == kProbeCount);

constexpr WorldProbe kNoPair = WorldProbe::kEnd;

// By what landed, then by what was being served: read, commit, stage, finalize, takeover,
// compaction. The pair of an operation with itself needs two of them.
constexpr WorldProbe
    kPairs[static_cast<size_t>(Landing::kCount)][static_cast<size_t>(Operation::kCount)] = {
        {WorldProbe::kCommitLandsDuringRead, kNoPair, kNoPair, kNoPair,
         WorldProbe::kCommitLandsDuringTakeover, WorldProbe::kCommitLandsDuringCompaction},
        {kNoPair, kNoPair, kNoPair, kNoPair, kNoPair, WorldProbe::kFinalizeLandsDuringCompaction},
        {kNoPair, kNoPair, kNoPair, kNoPair, kNoPair, WorldProbe::kStageLandsDuringCompaction},
        {kNoPair, kNoPair, kNoPair, kNoPair, kNoPair, WorldProbe::kShrinkLandsDuringCompaction},
        {WorldProbe::kTakeoverLandsDuringRead, WorldProbe::kTakeoverLandsDuringCommit,
         WorldProbe::kTakeoverLandsDuringStage, WorldProbe::kTakeoverLandsDuringFinalize,
         WorldProbe::kTakeoverLandsDuringTakeover, WorldProbe::kTakeoverLandsDuringCompaction},
        {WorldProbe::kCompactionLandsDuringRead, WorldProbe::kCompactionLandsDuringCommit, kNoPair,
         WorldProbe::kCompactionLandsDuringFinalize, WorldProbe::kCompactionLandsDuringTakeover,
         WorldProbe::kCompactionLandsDuringCompaction},
};

bool is_own(Landing landing, size_t operation) {
  return (landing == Landing::kTakeover &&
          operation == static_cast<size_t>(Operation::kTakeover)) ||
         (landing == Landing::kCompaction &&
          operation == static_cast<size_t>(Operation::kCompaction));
}

}  // namespace

std::span<const ProbeInfo> probe_table() {
  for (size_t i = 0; i < kProbeCount; ++i) SQUALL_ASSERT(kProbes[i].id == i);
  return kProbes;
}

void ProbeCounts::landed(ActorId actor, Landing landing, bool over_stage) {
  const Underway& now = underway(actor);
  const auto& pairs = kPairs[static_cast<size_t>(landing)];
  for (size_t operation = 0; operation < now.count.size(); ++operation) {
    const uint16_t others =
        now.count[operation] - (is_own(landing, operation) && now.count[operation] > 0 ? 1 : 0);
    if (others > 0 && pairs[operation] != kNoPair) hit(pairs[operation]);
  }
  if (!over_stage) return;
  const auto serves = [&](Operation operation) {
    return now.count[static_cast<size_t>(operation)] > 0;
  };
  if (landing == Landing::kTakeover) {
    hit(WorldProbe::kTakeoverLandsOverStage);
    if (serves(Operation::kCompaction)) hit(WorldProbe::kTakeoverLandsOverStageDuringCompaction);
  } else if (landing == Landing::kCompaction) {
    hit(WorldProbe::kCompactionLandsOverStage);
    if (serves(Operation::kTakeover)) hit(WorldProbe::kCompactionLandsOverStageDuringTakeover);
  }
}

void ProbeCounts::served(ActorId actor, uint32_t node) {
  Underway& now = underway(actor);
  if (now.last_node != node && now.last_node != UINT32_MAX) hit(WorldProbe::kActorChangesNode);
  now.last_node = node;
}

}  // namespace squall::sim
