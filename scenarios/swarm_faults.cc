// Rates alone flood long runs and miss short ones, so each seed plans a few strikes besides: most
// of them meet a commit, a finalize, a takeover or a compaction in flight.
#include <array>

#include "scenarios/swarm.h"
#include "sim/decisions.h"

namespace squall::scenarios {

namespace {

using sim::EntityKind;
using sim::Fault;
using sim::FaultFamily;
using sim::site_id;
using sim::SiteId;
using sim::WorldSite;

struct RateRange {
  Fault fault;
  int64_t least_ppm;
  int64_t most_ppm;
};

// A commit passes about ten sites of the engine and two of the VFS, sends one request and one
// reply, and makes one store commit; a start command comes by a few times in a run. Crashes and
// machines that stand still cost most of what a seed costs, since every session opens anew.
constexpr std::array<RateRange, sim::kFaultCount> kRates = {{
    {Fault::kSlowMessage, 1'000, 20'000},
    {Fault::kSlowLink, 100, 4'000},
    {Fault::kLoseRequest, 500, 8'000},
    {Fault::kLoseReply, 500, 8'000},
    {Fault::kPartition, 100, 4'000},
    {Fault::kPartitionOneWay, 100, 4'000},
    {Fault::kCrashNode, 10, 150},
    {Fault::kCrashNodePersisted, 100, 2'000},
    {Fault::kCrashHost, 50, 800},
    {Fault::kCrashWorker, 2'000, 100'000},
    {Fault::kCrashControlPlane, 500, 10'000},
    {Fault::kPause, 200, 4'000},
    {Fault::kPauseNode, 10, 150},
    {Fault::kPauseHost, 100, 1'500},
    {Fault::kPauseControlPlane, 500, 10'000},
    {Fault::kFailStep, 200, 4'000},
    {Fault::kStoreSlow, 1'000, 20'000},
    {Fault::kStoreConflict, 1'000, 20'000},
    {Fault::kStoreTooOld, 500, 5'000},
    {Fault::kStoreFutureVersion, 500, 5'000},
    {Fault::kStoreProcessBehind, 500, 5'000},
    {Fault::kStoreLocked, 200, 4'000},
    {Fault::kStoreProxyMemory, 500, 8'000},
    {Fault::kStoreThrottled, 500, 5'000},
    {Fault::kStoreUnknownLanded, 500, 8'000},
    {Fault::kStoreUnknownLost, 500, 8'000},
    {Fault::kStoreVersionChangedLanded, 200, 4'000},
    {Fault::kStoreVersionChangedLost, 200, 4'000},
    {Fault::kStoreLateLanding, 500, 4'000},
    {Fault::kStoreCancelled, 200, 3'000},
    {Fault::kStoreReadTimedOut, 200, 3'000},
    {Fault::kStoreFatal, 50, 1'000},
    {Fault::kStoreStaleVersion, 2'000, 50'000},
    {Fault::kReadBitFlip, 2'000, 60'000},
    {Fault::kLostBlob, 500, 8'000},
    {Fault::kReplayStart, 50'000, 300'000},
    {Fault::kLateStart, 20'000, 200'000},
    {Fault::kDoubleStart, 10'000, 150'000},
    {Fault::kStopAgainstStart, 10'000, 150'000},
    {Fault::kReplayStop, 50'000, 300'000},
    {Fault::kLateStop, 50'000, 300'000},
    {Fault::kLostStop, 50'000, 300'000},
    {Fault::kConcurrentTakeover, 1'000, 12'000},
    {Fault::kQuotaCut, 500, 10'000},
    {Fault::kFullQueue, 500, 10'000},
    {Fault::kSqliteOutOfMemory, 300, 8'000},
    {Fault::kClockSkew, 100'000, 900'000},
    {Fault::kClockJump, 50, 2'000},
    {Fault::kStorePartition, 20, 800},
    {Fault::kStorePartitionOneWay, 20, 800},
    {Fault::kClockJumpBack, 50, 2'000},
    {Fault::kMisdirectedRead, 1'000, 30'000},
}};

// In percent. What storage loses ends sessions, and a lost blob the actor's work until healing.
uint64_t family_share(FaultFamily family) { return family == FaultFamily::kStorage ? 20 : 45; }

void draw_rates(const Draw& draw, sim::Plan* plan) {
  for (const RateRange& range : kRates) {
    const std::string_view name = info(range.fault).name;
    const FaultFamily family = info(range.fault).family;
    if (!draw.percent("family", family_share(family), static_cast<uint64_t>(family))) continue;
    if (!draw.part("on").percent(name, 75)) continue;
    plan->rates_ppm[static_cast<size_t>(range.fault)] =
        static_cast<uint32_t>(draw.part("rate").scaled(name, range.least_ppm, range.most_ppm));
  }
}

struct Blow {
  Fault fault;
  SiteId site;
  int64_t most_nth;  // of the site's passages, about as many as a run has of them
  int64_t most_parameter_us;
  sim::EntityKind kind = sim::EntityKind::kNone;
};

// While a commit is in flight.
constexpr std::array kCommitBlows = std::to_array<Blow>({
    {Fault::kCrashNode, site_id(Site::kCommitAfterHeadRead), 150, 0},
    {Fault::kCrashNode, site_id(Site::kCommitBeforeStoreCommit), 150, 0},
    {Fault::kCrashNode, site_id(WorldSite::kStoreCommit), 150, 0},
    {Fault::kCrashNode, site_id(WorldSite::kStoreCommit), 150, 20'000},
    {Fault::kCrashNode, site_id(Site::kCommitAfterStoreCommit), 150, 0},
    {Fault::kCrashNode, site_id(Site::kCommitAfterStoreCommit), 20, 0},
    {Fault::kCrashNode, site_id(WorldSite::kSendReply), 150, 0},
    {Fault::kCrashHost, site_id(WorldSite::kSendRequest), 150, 0},
    {Fault::kCrashHost, site_id(Site::kVfsBeforeCommitRequest), 150, 0},
    {Fault::kCrashHost, site_id(Site::kVfsAfterCommitReply), 150, 0},
});

// The same, where nothing but a commit comes by.
constexpr std::array kSureCommitBlows = std::to_array<Blow>({
    {Fault::kCrashNode, site_id(Site::kCommitAfterHeadRead), 60, 0},
    {Fault::kCrashNode, site_id(Site::kCommitBeforeStoreCommit), 60, 0},
    {Fault::kCrashNode, site_id(Site::kCommitAfterStoreCommit), 60, 0},
    {Fault::kCrashHost, site_id(Site::kVfsBeforeCommitRequest), 60, 0},
    {Fault::kCrashHost, site_id(Site::kVfsAfterCommitReply), 60, 0},
});

// While something rarer goes on.
constexpr std::array kRareBlows = std::to_array<Blow>({
    {Fault::kCrashNode, site_id(Site::kFinalizeAfterManifestRead), 2, 0},
    {Fault::kCrashNode, site_id(Site::kFinalizeAfterStoreCommit), 2, 0},
    {Fault::kCrashNode, site_id(Site::kStageAfterStoreCommit), 6, 0},
    {Fault::kCrashNode, site_id(Site::kTakeoverBeforeStoreCommit), 4, 0},
    {Fault::kCrashNode, site_id(Site::kTakeoverAfterStoreCommit), 4, 0},
    {Fault::kCrashNode, site_id(Site::kCompactAfterFold), 6, 0},
    {Fault::kCrashNode, site_id(Site::kCompactBeforeStoreCommit), 6, 0},
    {Fault::kCrashNode, site_id(Site::kCompactAfterStoreCommit), 6, 0},
    {Fault::kFailStep, site_id(Site::kTakeoverAfterHeadRead), 6, 0},
    {Fault::kFailStep, site_id(Site::kTakeoverAfterPreload), 6, 0},
    {Fault::kPause, site_id(Site::kCompactAfterSnapshot), 6, 500'000},
    {Fault::kPause, site_id(Site::kCompactAfterFold), 6, 500'000},
    {Fault::kPause, site_id(Site::kCompactAfterHeadRead), 6, 100'000},
    {Fault::kPause, site_id(Site::kCommitAfterHeadRead), 120, 500'000},
    {Fault::kPause, site_id(Site::kCommitBeforeStoreCommit), 120, 500'000},
    {Fault::kPause, site_id(Site::kTakeoverAfterHeadRead), 4, 100'000},
    {Fault::kPause, site_id(Site::kTakeoverAfterStoreCommit), 4, 1'000'000},
    {Fault::kPause, site_id(Site::kReadAfterIndex), 8, 500'000},
    {Fault::kPause, site_id(Site::kStageBeforeStoreCommit), 6, 500'000},
    {Fault::kPause, site_id(Site::kFinalizeAfterManifestRead), 2, 500'000},
    {Fault::kPause, site_id(Site::kVfsAfterCommitReply), 120, 2'000'000},
    {Fault::kLoseReply, site_id(WorldSite::kSendReply), 150, 0},
    {Fault::kStoreUnknownLanded, site_id(WorldSite::kStoreCommit), 150, 0},
    {Fault::kStoreLateLanding, site_id(WorldSite::kStoreCommit), 150, 4'900'000},
    {Fault::kStoreUnknownLanded, site_id(WorldSite::kStoreCommit), 6, 0, EntityKind::kCompaction},
    {Fault::kStoreLateLanding, site_id(WorldSite::kStoreCommit), 6, 500'000,
     EntityKind::kCompaction},
    {Fault::kCrashNode, site_id(WorldSite::kStoreCommit), 6, 8'000, EntityKind::kCompaction},
    {Fault::kStoreUnknownLanded, site_id(WorldSite::kStoreCommit), 4, 0, EntityKind::kStart},
    {Fault::kStoreLateLanding, site_id(WorldSite::kStoreCommit), 4, 500'000, EntityKind::kStart},
    {Fault::kReplayStart, site_id(WorldSite::kStartCommand), 3, 400'000},
    {Fault::kReplayStop, site_id(WorldSite::kStopCommand), 1, 400'000},
    {Fault::kConcurrentTakeover, site_id(WorldSite::kTransactionBegin), 120, 0},
});

// When the others have long written what it read, and the store would like to forget that.
constexpr std::array kTenantBlows = std::to_array<Blow>({
    {Fault::kStoreLateLanding, site_id(WorldSite::kStoreCommit), 40, 4'900'000,
     EntityKind::kTenant},
});

template <size_t kBlows>
sim::Strike draw_strike(const Draw& draw, const std::array<Blow, kBlows>& blows, uint64_t index) {
  const Blow& blow = blows[sim::below(draw.bits("blow", index), kBlows)];
  sim::Strike strike;
  strike.fault = blow.fault;
  strike.site = blow.site;
  strike.kind = blow.kind;
  strike.nth = static_cast<uint32_t>(draw.between("nth", 1, blow.most_nth, index));
  if (blow.most_parameter_us > 0) {
    strike.parameter = draw.scaled("parameter", 500, blow.most_parameter_us, index);
  }
  return strike;
}

bool may_crash(const sim::Plan& plan) {
  return sim::may_strike(plan, Fault::kCrashNode) || sim::may_strike(plan, Fault::kCrashHost);
}

void draw_strikes(const Draw& draw, sim::Plan* plan) {
  // Where there are crashes at all, one falls between a commit's checkpoint and its
  // acknowledgement.
  if (may_crash(*plan)) {
    plan->strikes.push_back(draw_strike(draw.part("sure"), kSureCommitBlows, 0));
  }
  const int64_t commit_blows = draw.pick<int64_t>("commit-blows", {0, 0, 0, 1, 1, 1, 1, 2, 2, 1});
  for (int64_t i = 0; i < commit_blows; ++i) {
    plan->strikes.push_back(
        draw_strike(draw.part("commit"), kCommitBlows, static_cast<uint64_t>(i)));
  }
  const int64_t rare_blows = draw.pick<int64_t>("rare-blows", {0, 1, 1, 2, 3});
  for (int64_t i = 0; i < rare_blows; ++i) {
    plan->strikes.push_back(draw_strike(draw.part("rare"), kRareBlows, static_cast<uint64_t>(i)));
  }
  const bool has_tenant = plan->knobs.tenant_transactions > 0;
  const int64_t tenant_blows = has_tenant ? draw.between("tenant-blows", 0, 4) : 0;
  for (int64_t i = 0; i < tenant_blows; ++i) {
    plan->strikes.push_back(
        draw_strike(draw.part("tenant"), kTenantBlows, static_cast<uint64_t>(i)));
  }
}

}  // namespace

void draw_swarm_faults(const Draw& draw, sim::Plan* plan) {
  draw_rates(draw.part("rates"), plan);
  draw_strikes(draw.part("strikes"), plan);
}

void draw_swarm_control(const Draw& draw, const SwarmFeatures& features, PlanBuilder* builder) {
  if (!features.control) return;
  using Kind = sim::ControlAction::Kind;
  const int64_t count = draw.between("count", 1, 4);
  for (int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<uint64_t>(i);
    const auto actor = static_cast<ActorId>(
        draw.between("actor", 1, static_cast<int64_t>(features.actors), index));
    const auto at = static_cast<uint32_t>(
        draw.between("at", 2, static_cast<int64_t>(features.transactions), index));
    const Kind kind =
        draw.pick<Kind>("kind", {Kind::kMove, Kind::kMove, Kind::kRestart, Kind::kRenew}, index);
    const int64_t delay_us =
        draw.percent("at-once", 20, index) ? 0 : draw.scaled("delay", 100, 20'000, index);
    sim::ControlAction& action = builder->add_control(kind, actor, at, delay_us);
    if (kind == Kind::kMove && draw.percent("told", 60, index)) {
      action.stop_delay_us = draw.scaled("stop-delay", 1'000, 3'000'000, index);
    }
  }
}

}  // namespace squall::scenarios
