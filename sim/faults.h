// Everything that can go wrong, one row each (fault_table.cc): its name, its family, where it
// strikes and what it does. Swarm switches whole families on or off for a seed; a capsule names
// single faults.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/checkpoint.h"

namespace squall::sim {

enum class Fault : uint8_t {
  kSlowMessage,
  kSlowLink,
  kLoseRequest,
  kLoseReply,
  kPartition,
  kPartitionOneWay,
  kCrashNode,
  kCrashNodePersisted,
  kCrashHost,
  kCrashWorker,
  kCrashControlPlane,
  kPause,
  kPauseNode,
  kPauseHost,
  kPauseControlPlane,
  kFailStep,
  kStoreSlow,
  kStoreConflict,
  kStoreTooOld,
  kStoreFutureVersion,
  kStoreProcessBehind,
  kStoreLocked,
  kStoreProxyMemory,
  kStoreThrottled,
  kStoreUnknownLanded,
  kStoreUnknownLost,
  kStoreVersionChangedLanded,
  kStoreVersionChangedLost,
  kStoreLateLanding,
  kStoreCancelled,
  kStoreReadTimedOut,
  kStoreFatal,
  kStoreStaleVersion,
  kReadBitFlip,
  kLostBlob,
  kReplayStart,
  kLateStart,
  kDoubleStart,
  kStopAgainstStart,
  kReplayStop,
  kLateStop,
  kLostStop,
  kConcurrentTakeover,
  kQuotaCut,
  kFullQueue,
  kSqliteOutOfMemory,
  kClockSkew,
  kClockJump,
  kStorePartition,
  kStorePartitionOneWay,
  kClockJumpBack,
  kMisdirectedRead,
  kCount,
};
inline constexpr size_t kFaultCount = static_cast<size_t>(Fault::kCount);

enum class FaultFamily : uint8_t {
  kNetwork,
  kProcesses,
  kPauses,
  kSteps,
  kStore,
  kStorage,
  kControl,
  kResources,
  kClocks,
  kCount,
};

// Where decisions are taken: the sites of engine and VFS first (same numbers), then the world's
// own.
enum class WorldSite : uint8_t {
  kSendRequest = kSiteCount,
  kSendReply,
  kStoreRead,
  kStoreBlobRead,  // a read of the store is about to return blobs
  kStoreCommit,
  kStartCommand,
  kStopCommand,
  kTransactionBegin,
  kMachineStart,    // a host or a node starts, or starts again
  kStatementBegin,  // a session opens its database, or hands a statement to SQLite
  kStoreRowRead,    // a read of the store is about to return small rows beside the head
  kEnd,
};
inline constexpr size_t kWorldSiteCount = static_cast<size_t>(WorldSite::kEnd);
using SiteId = uint8_t;  // of either kind
constexpr SiteId site_id(Site site) { return static_cast<SiteId>(site); }
constexpr SiteId site_id(WorldSite site) { return static_cast<SiteId>(site); }
std::string_view site_name(SiteId site);
std::optional<SiteId> parse_site(std::string_view name);

class SiteSet {
 public:
  constexpr SiteSet() = default;
  constexpr SiteSet(std::initializer_list<WorldSite> sites) {
    for (const WorldSite site : sites) bits_ |= uint64_t{1} << site_id(site);
  }
  // Both ends included.
  static constexpr SiteSet between(Site first, Site last) {
    SiteSet set;
    for (SiteId site = site_id(first); site <= site_id(last); ++site)
      set.bits_ |= uint64_t{1} << site;
    return set;
  }
  constexpr bool contains(SiteId site) const { return (bits_ >> site & 1) != 0; }
  constexpr bool contains(SiteSet other) const { return (other.bits_ & ~bits_) == 0; }
  friend constexpr SiteSet operator|(SiteSet a, SiteSet b) {
    a.bits_ |= b.bits_;
    return a;
  }

 private:
  uint64_t bits_ = 0;
};
static_assert(kWorldSiteCount <= 64);

inline constexpr SiteSet kVfsSites =
    SiteSet::between(Site::kVfsBeforeCommitRequest, Site::kVfsBeforeFetch);
inline constexpr SiteSet kEngineSites =
    SiteSet::between(Site::kCommitBeforeTransaction, Site::kTakeoverAfterPreload);
inline constexpr SiteSet kCompactionSites =
    SiteSet::between(Site::kCompactBeforeSnapshot, Site::kCompactAfterStoreCommit);

struct FaultInfo {
  Fault fault;
  std::string_view name;  // kebab-case: "crash-node"
  FaultFamily family;
  SiteSet sites;
  std::string_view description;
};
std::span<const FaultInfo> fault_table();
const FaultInfo& info(Fault fault);
std::optional<Fault> parse_fault(std::string_view name);
std::string_view to_string(FaultFamily family);
// Whether the fault can strike at the site.
inline bool applies(Fault fault, SiteId site) { return info(fault).sites.contains(site); }
// For people: "engine, send-reply"; the checkpoints of engine, compaction and VFS as one word each.
std::string describe(SiteSet sites);

}  // namespace squall::sim
