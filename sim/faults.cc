#include "sim/faults.h"

#include <algorithm>

#include "engine/assert.h"

namespace squall::sim {

namespace {

constexpr std::array<FaultInfo, kFaultCount> kFaults = {{
    {Fault::kSlowMessage, "slow-message", FaultFamily::kNetwork,
     "a message takes up to 100 times its nominal time; later ones of its connection queue behind "
     "it"},
    {Fault::kLoseRequest, "lose-request", FaultFamily::kNetwork,
     "the connection drops with the request in flight: it never reaches the node"},
    {Fault::kLoseReply, "lose-reply", FaultFamily::kNetwork,
     "the connection drops with the reply in flight: the request was served, its sender never "
     "hears"},
    {Fault::kCrashNode, "crash-node", FaultFamily::kProcesses,
     "the engine node dies at the site with all that it holds in memory, and restarts later"},
    {Fault::kCrashHost, "crash-host", FaultFamily::kProcesses,
     "the host dies at the site with all its actors, and restarts later"},
    {Fault::kPause, "pause", FaultFamily::kPauses,
     "the task stands still at the site while the world goes on"},
    {Fault::kFailStep, "fail-step", FaultFamily::kSteps,
     "the site fails: the operation ends with 'unavailable', whatever it had done by then"},
    {Fault::kStoreSlow, "store-slow", FaultFamily::kStore,
     "a store round trip takes up to 100 times its nominal time"},
    {Fault::kStoreConflict, "store-conflict", FaultFamily::kStore,
     "the store reports a conflict (1020) that there was not"},
    {Fault::kStoreTooOld, "store-too-old", FaultFamily::kStore,
     "a store read fails with transaction_too_old (1007)"},
    {Fault::kStoreUnknownLanded, "store-unknown-landed", FaultFamily::kStore,
     "a store commit lands and answers commit_unknown_result (1021)"},
    {Fault::kStoreUnknownLost, "store-unknown-lost", FaultFamily::kStore,
     "a store commit is lost and answers commit_unknown_result (1021)"},
    {Fault::kStoreLateLanding, "store-late-landing", FaultFamily::kStore,
     "a store commit answers timed_out (1031) and lands up to 5 s later"},
    {Fault::kStoreStaleVersion, "store-stale-version", FaultFamily::kStore,
     "a transaction gets an old but legal read version"},
    {Fault::kReplayStart, "replay-start", FaultFamily::kControl,
     "a start command is delivered again"},
    {Fault::kReplayStop, "replay-stop", FaultFamily::kControl,
     "a stop command comes late or again"},
    {Fault::kConcurrentTakeover, "concurrent-takeover", FaultFamily::kControl,
     "the control plane starts the actor elsewhere while it still runs"},
}};

constexpr std::array<std::string_view, static_cast<size_t>(FaultFamily::kCount)> kFamilies = {
    "network", "processes", "pauses", "steps", "store", "control",
};

constexpr std::array<std::string_view, kWorldSiteCount - kSiteCount> kWorldSites = {
    "send-request",  "send-reply",   "store-read",        "store-commit",
    "start-command", "stop-command", "transaction-begin",
};

bool is_any(SiteId site, std::initializer_list<WorldSite> sites) {
  return std::any_of(sites.begin(), sites.end(),
                     [site](WorldSite candidate) { return site == site_id(candidate); });
}

bool is_engine(SiteId site) { return site < site_id(Site::kVfsBeforeCommitRequest); }

bool is_vfs(SiteId site) { return site < kSiteCount && !is_engine(site); }

}  // namespace

std::string_view site_name(SiteId site) {
  SQUALL_ASSERT(site < kWorldSiteCount);
  return site < kSiteCount ? squall::to_string(static_cast<Site>(site))
                           : kWorldSites[site - kSiteCount];
}

std::optional<SiteId> parse_site(std::string_view name) {
  for (SiteId site = 0; site < kWorldSiteCount; ++site) {
    if (site_name(site) == name) return site;
  }
  return std::nullopt;
}

std::span<const FaultInfo> fault_table() { return kFaults; }

const FaultInfo& info(Fault fault) {
  SQUALL_ASSERT(fault < Fault::kCount);
  return kFaults[static_cast<size_t>(fault)];
}

std::optional<Fault> parse_fault(std::string_view name) {
  for (const FaultInfo& row : kFaults) {
    if (row.name == name) return row.fault;
  }
  return std::nullopt;
}

std::string_view to_string(FaultFamily family) {
  SQUALL_ASSERT(family < FaultFamily::kCount);
  return kFamilies[static_cast<size_t>(family)];
}

bool applies(Fault fault, SiteId site) {
  using enum WorldSite;
  switch (fault) {
    case Fault::kSlowMessage:
      return is_any(site, {kSendRequest, kSendReply});
    case Fault::kLoseRequest:
      return is_any(site, {kSendRequest});
    case Fault::kLoseReply:
      return is_any(site, {kSendReply});
    case Fault::kCrashNode:
      return is_engine(site) || is_any(site, {kSendReply, kStoreCommit});
    case Fault::kCrashHost:
      return is_vfs(site) || is_any(site, {kSendRequest, kTransactionBegin});
    case Fault::kPause:
      return is_engine(site) || is_vfs(site) || is_any(site, {kStoreCommit});
    // Not in the VFS: there nothing but the death of the process may fail.
    case Fault::kFailStep:
      return is_engine(site);
    case Fault::kStoreSlow:
      return is_any(site, {kStoreRead, kStoreCommit});
    case Fault::kStoreConflict:
    case Fault::kStoreUnknownLanded:
    case Fault::kStoreUnknownLost:
    case Fault::kStoreLateLanding:
      return is_any(site, {kStoreCommit});
    case Fault::kStoreTooOld:
    case Fault::kStoreStaleVersion:
      return is_any(site, {kStoreRead});
    case Fault::kReplayStart:
      return is_any(site, {kStartCommand});
    case Fault::kReplayStop:
      return is_any(site, {kStopCommand});
    case Fault::kConcurrentTakeover:
      return is_any(site, {kStartCommand, kTransactionBegin});
    case Fault::kCount:
      break;
  }
  return false;
}

}  // namespace squall::sim
