// Rare states that are worth reaching, one row each (probes.cc): its name, where it is marked, the
// bugs of the catalogue that are set off there, and what it means. A sweep counts them all; one
// that is never hit over enough swarm seeds fails it. Those of engine and VFS come first (same
// numbers), then the world's own, then the pairs: an operation that landed in the store while
// another one of the same actor was being served.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/messages.h"
#include "engine/probe.h"

namespace squall::sim {

enum class WorldProbe : uint16_t {
  // Commits whose end their session does not see.
  kLandedUnheard = kEngineProbeCount,
  kLandedAfterGivingUp,
  kLandedAfterDeath,
  kSupersededFenced,
  kSupersededHearsOfItsCommit,
  // Starts, stops, hosts, nodes and connections.
  kStartReplayed,
  kStartIgnored,
  kStopIgnored,
  kStartCancelled,
  kStartFails,
  kTwoProcessesOpen,
  kActorChangesNode,
  kHostDiesInCommit,
  kNodeDiesInCommit,
  kDropMeetsCalls,
  kRequestTimesOut,
  kUnsentGoesOut,
  // The store.
  kStoreConflict,
  kStoreReadsOldValue,
  kStoreReadsDuringCommit,
  kStoreScansOwnWrites,
  kStoreSetLooksLikeStamp,
  // Pairs, and two that are three.
  kCommitLandsDuringRead,
  kCommitLandsDuringTakeover,
  kCommitLandsDuringCompaction,
  kFinalizeLandsDuringCompaction,
  kStageLandsDuringCompaction,
  kShrinkLandsDuringCompaction,
  kTakeoverLandsDuringRead,
  kTakeoverLandsDuringCommit,
  kTakeoverLandsDuringStage,
  kTakeoverLandsDuringFinalize,
  kTakeoverLandsDuringTakeover,
  kTakeoverLandsDuringCompaction,
  kCompactionLandsDuringRead,
  kCompactionLandsDuringCommit,
  kCompactionLandsDuringFinalize,
  kCompactionLandsDuringTakeover,
  kCompactionLandsDuringCompaction,
  kTakeoverLandsOverStage,
  kCompactionLandsOverStage,
  kTakeoverLandsOverStageDuringCompaction,
  kCompactionLandsOverStageDuringTakeover,
  kEnd,
};
inline constexpr size_t kProbeCount = static_cast<size_t>(WorldProbe::kEnd);
using ProbeId = uint16_t;  // of either kind
constexpr ProbeId probe_id(Probe probe) { return static_cast<ProbeId>(probe); }
constexpr ProbeId probe_id(WorldProbe probe) { return static_cast<ProbeId>(probe); }

struct ProbeInfo {
  ProbeId id;
  std::string_view name;   // kebab-case: "commit-recognised"
  std::string_view where;  // "engine", "vfs", "world", "store", "pair"
  std::string_view bugs;   // numbers of the catalogue, separated by blanks
  std::string_view meaning;
};
std::span<const ProbeInfo> probe_table();

// What a node does for an actor, while it does it.
enum class Operation : uint8_t {
  kRead,
  kCommit,
  kStage,
  kFinalize,
  kTakeover,
  kCompaction,
  kCount
};
// What landed in the store; a shrink is a commit or a finalize that made the database smaller.
enum class Landing : uint8_t {
  kCommit,
  kFinalize,
  kStage,
  kShrink,
  kTakeover,
  kCompaction,
  kCount
};

// The counts of one run.
class ProbeCounts {
 public:
  void hit(ProbeId id) { ++counts_[id]; }
  void hit(WorldProbe probe) { ++counts_[probe_id(probe)]; }
  // An operation is being served from here to there.
  void begins(ActorId actor, Operation operation) {
    ++underway(actor).count[static_cast<size_t>(operation)];
  }
  void ends(ActorId actor, Operation operation) {
    --underway(actor).count[static_cast<size_t>(operation)];
  }
  // Its own operation may still be under way. over_stage: a stage was open, and it is not that
  // one's finalize.
  void landed(ActorId actor, Landing landing, bool over_stage);
  // The node answers a commit of the actor.
  void served(ActorId actor, uint32_t node);

  const std::array<uint64_t, kProbeCount>& counts() const { return counts_; }

 private:
  struct Underway {
    std::array<uint16_t, static_cast<size_t>(Operation::kCount)> count{};
    uint32_t last_node = UINT32_MAX;
  };
  Underway& underway(ActorId actor) {
    if (actor >= actors_.size()) actors_.resize(actor + 1);
    return actors_[actor];
  }

  std::array<uint64_t, kProbeCount> counts_{};
  std::vector<Underway> actors_;  // by id, which counts from 1
};

// An operation, from construction to destruction, a task's death included.
class UnderwayMark {
 public:
  UnderwayMark(ProbeCounts& counts, ActorId actor, Operation operation)
      : counts_(counts), actor_(actor), operation_(operation) {
    counts_.begins(actor_, operation_);
  }
  ~UnderwayMark() { counts_.ends(actor_, operation_); }
  UnderwayMark(const UnderwayMark&) = delete;
  UnderwayMark& operator=(const UnderwayMark&) = delete;

 private:
  ProbeCounts& counts_;
  const ActorId actor_;
  const Operation operation_;
};

}  // namespace squall::sim
