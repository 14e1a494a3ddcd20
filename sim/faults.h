// Everything that can go wrong, one row each (faults.cc): its name, its family, what it does and where. Swarm
// switches whole families on or off for a seed; a capsule names single faults.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/checkpoint.h"

namespace squall::sim {

enum class Fault : uint8_t {
  kSlowMessage,        // a message takes up to 100 times its nominal time
  kLoseRequest,        // the connection drops with the request in flight
  kLoseReply,          // the connection drops with the reply in flight
  kCrashNode,          // the engine node dies at the site, restarts later
  kCrashHost,          // the host dies, with all its actors
  kPause,              // the task stands still at the site
  kFailStep,           // the site fails: the step answers "unavailable"
  kStoreSlow,          // a store round trip takes up to 100 times its nominal time
  kStoreConflict,      // 1020 without a conflict
  kStoreTooOld,        // 1007
  kStoreUnknownLanded, // 1021, and the commit landed
  kStoreUnknownLost,   // 1021, and the commit is lost
  kStoreLateLanding,   // 1031 now, the commit lands up to 5 s later
  kStoreStaleVersion,  // an old but legal read version
  kReplayStart,        // the start command is delivered again
  kReplayStop,         // a stop command comes late or again
  kConcurrentTakeover, // the control plane starts the actor elsewhere while it runs
  kCount,
};
inline constexpr size_t kFaultCount = static_cast<size_t>(Fault::kCount);

enum class FaultFamily : uint8_t { kNetwork, kProcesses, kPauses, kSteps, kStore, kControl, kCount };

// Where decisions are taken: the sites of engine and VFS first (same numbers), then the world's own.
enum class WorldSite : uint8_t {
  kSendRequest = kSiteCount,
  kSendReply,
  kStoreRead,
  kStoreCommit,
  kStartCommand,
  kStopCommand,
  kTransactionBegin,
  kEnd,
};
inline constexpr size_t kWorldSiteCount = static_cast<size_t>(WorldSite::kEnd);
using SiteId = uint8_t;  // of either kind
constexpr SiteId site_id(Site site) { return static_cast<SiteId>(site); }
constexpr SiteId site_id(WorldSite site) { return static_cast<SiteId>(site); }
std::string_view site_name(SiteId site);
std::optional<SiteId> parse_site(std::string_view name);

struct FaultInfo {
  Fault fault;
  std::string_view name;  // kebab-case: "crash-node"
  FaultFamily family;
  std::string_view description;
};
std::span<const FaultInfo> fault_table();
const FaultInfo& info(Fault fault);
std::optional<Fault> parse_fault(std::string_view name);
std::string_view to_string(FaultFamily family);
// Whether the fault can strike at the site.
bool applies(Fault fault, SiteId site);

}  // namespace squall::sim
