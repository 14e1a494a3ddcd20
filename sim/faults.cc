#include "sim/faults.h"

#include "engine/assert.h"

namespace squall::sim {

namespace {

using enum WorldSite;
using Family = FaultFamily;

constexpr std::array<FaultInfo, kFaultCount> kFaults = {{
    {Fault::kSlowMessage,
     "slow-message",
     Family::kNetwork,
     {kSendRequest, kSendReply},
     "a message takes up to 100 times its nominal time; later ones of its connection queue behind "
     "it"},
    {Fault::kSlowLink,
     "slow-link",
     Family::kNetwork,
     {kSendRequest, kSendReply},
     "everything between a host and a node takes 20 times its time, for a stretch or for the whole "
     "run"},
    {Fault::kLoseRequest,
     "lose-request",
     Family::kNetwork,
     {kSendRequest},
     "the connection drops with the request in flight: it never reaches the node"},
    {Fault::kLoseReply,
     "lose-reply",
     Family::kNetwork,
     {kSendReply},
     "the connection drops with the reply in flight: the request was served, its sender never "
     "hears"},
    {Fault::kPartition,
     "partition",
     Family::kNetwork,
     {kSendRequest, kSendReply},
     "host and node can't reach each other for a while; who finds the other silent drops the "
     "connection"},
    {Fault::kPartitionOneWay,
     "partition-one-way",
     Family::kNetwork,
     {kSendRequest, kSendReply},
     "messages pass between host and node in one direction only, for a while"},
    {Fault::kCrashNode, "crash-node", Family::kProcesses,
     kEngineSites | SiteSet{kSendReply, kStoreCommit},
     "the engine node dies at the site with all that it holds in memory, and restarts later"},
    {Fault::kCrashNodePersisted,
     "crash-node-persisted",
     Family::kProcesses,
     {kStoreCommit},
     "the node dies with a store commit in flight, which lands up to 5 s later"},
    {Fault::kCrashHost, "crash-host", Family::kProcesses,
     kVfsSites | SiteSet{kSendRequest, kTransactionBegin},
     "the host dies at the site with all its actors, and restarts later"},
    {Fault::kCrashWorker, "crash-worker", Family::kProcesses, kCompactionSites,
     "the compaction worker dies at the site, its node lives; another takes its place"},
    {Fault::kCrashControlPlane,
     "crash-control-plane",
     Family::kProcesses,
     {kStartCommand, kStopCommand, kTransactionBegin},
     "the control plane dies, with all but its numbering of starts; back, it tells every host what "
     "to run"},
    {Fault::kPause, "pause", Family::kPauses, kEngineSites | kVfsSites | SiteSet{kStoreCommit},
     "the task stands still at the site while the world goes on"},
    {Fault::kPauseNode, "pause-node", Family::kPauses, kEngineSites | SiteSet{kStoreCommit},
     "the engine node stands still as a stopped machine does, and goes on later as if nothing had "
     "happened"},
    {Fault::kPauseHost, "pause-host", Family::kPauses, kVfsSites | SiteSet{kSendRequest},
     "the host stands still with all its actors, which are started elsewhere if it takes long"},
    {Fault::kPauseControlPlane,
     "pause-control-plane",
     Family::kPauses,
     {kStartCommand, kStopCommand, kTransactionBegin},
     "the control plane stands still: whatever it should do comes late"},
    {Fault::kFailStep, "fail-step", Family::kSteps, kEngineSites,
     "the site fails: the operation ends with 'unavailable', whatever it had done by then"},
    {Fault::kStoreSlow,
     "store-slow",
     Family::kStore,
     {kStoreRead, kStoreCommit},
     "a store round trip takes up to 100 times its nominal time"},
    {Fault::kStoreConflict,
     "store-conflict",
     Family::kStore,
     {kStoreCommit},
     "the store reports a conflict (1020) that there was not"},
    {Fault::kStoreTooOld,
     "store-too-old",
     Family::kStore,
     {kStoreRead},
     "a store read fails with transaction_too_old (1007)"},
    {Fault::kStoreFutureVersion,
     "store-future-version",
     Family::kStore,
     {kStoreRead},
     "a store read fails with future_version (1009)"},
    {Fault::kStoreProcessBehind,
     "store-process-behind",
     Family::kStore,
     {kStoreRead},
     "a store read fails with process_behind (1037)"},
    {Fault::kStoreLocked,
     "store-locked",
     Family::kStore,
     {kStoreRead, kStoreCommit},
     "the store answers database_locked (1038)"},
    {Fault::kStoreProxyMemory,
     "store-proxy-memory",
     Family::kStore,
     {kStoreCommit},
     "a store commit is refused by commit_proxy_memory_limit_exceeded (1042)"},
    {Fault::kStoreThrottled,
     "store-throttled",
     Family::kStore,
     {kStoreRead},
     "a store read fails with tag_throttled (1213)"},
    {Fault::kStoreUnknownLanded,
     "store-unknown-landed",
     Family::kStore,
     {kStoreCommit},
     "a store commit lands and answers commit_unknown_result (1021)"},
    {Fault::kStoreUnknownLost,
     "store-unknown-lost",
     Family::kStore,
     {kStoreCommit},
     "a store commit is lost and answers commit_unknown_result (1021)"},
    {Fault::kStoreVersionChangedLanded,
     "store-version-changed-landed",
     Family::kStore,
     {kStoreCommit},
     "a store commit lands and answers cluster_version_changed (1039)"},
    {Fault::kStoreVersionChangedLost,
     "store-version-changed-lost",
     Family::kStore,
     {kStoreCommit},
     "a store commit is lost and answers cluster_version_changed (1039)"},
    {Fault::kStoreLateLanding,
     "store-late-landing",
     Family::kStore,
     {kStoreCommit},
     "a store commit answers timed_out (1031) and lands up to 5 s later"},
    {Fault::kStoreCancelled,
     "store-cancelled",
     Family::kStore,
     {kStoreCommit},
     "a store commit answers transaction_cancelled (1025) and lands up to 5 s later"},
    {Fault::kStoreReadTimedOut,
     "store-read-timed-out",
     Family::kStore,
     {kStoreRead},
     "a store read fails with timed_out (1031)"},
    {Fault::kStoreFatal,
     "store-fatal",
     Family::kStore,
     {kStoreRead, kStoreCommit},
     "the store fails for good, with 1036 or one of the 2xxx: another try would not help"},
    {Fault::kStoreStaleVersion,
     "store-stale-version",
     Family::kStore,
     {kStoreRead},
     "a transaction gets an old but legal read version"},
    {Fault::kReadBitFlip,
     "read-bit-flip",
     Family::kStorage,
     {kStoreBlobRead},
     "a read returns a blob with one bit flipped; what is stored is sound"},
    {Fault::kLostBlob,
     "lost-blob",
     Family::kStorage,
     {kStoreBlobRead},
     "the store loses a value of the blob that is being read, until healing restores it"},
    {Fault::kReplayStart,
     "replay-start",
     Family::kControl,
     {kStartCommand},
     "a start command is delivered again"},
    {Fault::kLateStart,
     "late-start",
     Family::kControl,
     {kStartCommand},
     "a start command comes late"},
    {Fault::kDoubleStart,
     "double-start",
     Family::kControl,
     {kStartCommand},
     "the control plane starts the actor twice at once, on one host or on two"},
    {Fault::kStopAgainstStart,
     "stop-against-start",
     Family::kControl,
     {kStartCommand},
     "a start is stopped as it is given, and another start follows"},
    {Fault::kReplayStop,
     "replay-stop",
     Family::kControl,
     {kStopCommand},
     "a stop command is delivered again"},
    {Fault::kLateStop, "late-stop", Family::kControl, {kStopCommand}, "a stop command comes late"},
    {Fault::kLostStop,
     "lost-stop",
     Family::kControl,
     {kStopCommand},
     "a stop command is lost: the host never learns that it lost its actor"},
    {Fault::kConcurrentTakeover,
     "concurrent-takeover",
     Family::kControl,
     {kStartCommand, kTransactionBegin},
     "the control plane starts the actor elsewhere while it still runs"},
    {Fault::kQuotaCut,
     "quota-cut",
     Family::kResources,
     {kTransactionBegin},
     "the actor's quota is cut to nothing for a while: commits that grow its database are refused"},
    {Fault::kFullQueue,
     "full-queue",
     Family::kResources,
     {kSendRequest},
     "the request meets a full queue at the node and is answered 'overloaded'"},
    {Fault::kSqliteOutOfMemory,
     "sqlite-out-of-memory",
     Family::kResources,
     {kStatementBegin},
     "SQLite gets no memory at the n-th allocation of its connection from there on"},
    {Fault::kClockSkew,
     "clock-skew",
     Family::kClocks,
     {kMachineStart},
     "the clock of a host or a node is up to an hour ahead of the others"},
    {Fault::kClockJump, "clock-jump", Family::kClocks, kEngineSites | kVfsSites,
     "the clock of the host or the node jumps ahead, by up to an hour"},
    {Fault::kStorePartition,
     "store-partition",
     Family::kNetwork,
     {kStoreRead, kStoreCommit},
     "engine node and store can't reach each other for a while: reads wait, commits land late, or "
     "get lost and are answered 1021"},
    {Fault::kStorePartitionOneWay,
     "store-partition-one-way",
     Family::kNetwork,
     {kStoreRead, kStoreCommit},
     "messages pass between engine node and store in one direction only, for a while"},
    {Fault::kClockJumpBack, "clock-jump-back", Family::kClocks, kEngineSites | kVfsSites,
     "the time of day of the host or the node jumps back, by up to an hour; its timers run on"},
}};

constexpr std::array<std::string_view, static_cast<size_t>(FaultFamily::kCount)> kFamilies = {
    "network", "processes", "pauses", "steps", "store", "storage", "control", "resources", "clocks",
};

constexpr std::array<std::string_view, kWorldSiteCount - kSiteCount> kWorldSites = {
    "send-request",  "send-reply",   "store-read",        "store-blob-read", "store-commit",
    "start-command", "stop-command", "transaction-begin", "machine-start",   "statement-begin",
};

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

std::string describe(SiteSet sites) {
  std::string text;
  const auto add = [&text](std::string_view name) {
    text.append(text.empty() ? "" : ", ").append(name);
  };
  const bool engine = sites.contains(kEngineSites);
  const bool compaction = sites.contains(kCompactionSites);
  const bool vfs = sites.contains(kVfsSites);
  if (engine) add("engine");
  if (compaction && !engine) add("compaction");
  if (vfs) add("vfs");
  for (SiteId site = 0; site < kWorldSiteCount; ++site) {
    const bool named = (engine && kEngineSites.contains(site)) ||
                       (vfs && kVfsSites.contains(site)) ||
                       (compaction && kCompactionSites.contains(site));
    if (sites.contains(site) && !named) add(site_name(site));
  }
  return text;
}

}  // namespace squall::sim
