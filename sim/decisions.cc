#include "sim/decisions.h"

#include <algorithm>
#include <cmath>

#include "engine/assert.h"
#include "sim/keyed_hash.h"

namespace squall::sim {

namespace {

constexpr uint32_t kMillion = 1'000'000;

struct Range {
  int64_t least;
  int64_t most;
};

// In microseconds, but for what the storage family, kStoreFatal and kSqliteOutOfMemory make of it.
// Late landings end at 5 s: after that the store's own rules forbid them.
Range parameter_range(Fault fault) {
  switch (fault) {
    case Fault::kSlowMessage: return {2'000, 2'000'000};
    case Fault::kSlowLink: return {100'000, 600'000'000};
    case Fault::kPartition:
    case Fault::kStorePartition:
    case Fault::kStorePartitionOneWay:
    case Fault::kPartitionOneWay: return {10'000, 15'000'000};
    case Fault::kCrashNode: return {0, 4'000};
    case Fault::kCrashNodePersisted: return {1'000, 4'900'000};
    case Fault::kPause: return {1'000, 8'000'000};
    case Fault::kPauseNode:
    case Fault::kPauseHost:
    case Fault::kPauseControlPlane: return {500'000, 20'000'000};
    case Fault::kStoreSlow: return {5'000, 1'500'000};
    case Fault::kStoreLateLanding:
    case Fault::kStoreCancelled: return {1'000, 4'900'000};
    case Fault::kStoreFatal: return {0, 4};
    case Fault::kStoreStaleVersion: return {1'000, 1'000'000};
    case Fault::kReadBitFlip:
    case Fault::kMisdirectedRead:
    case Fault::kLostBlob: return {0, int64_t{1} << 40};
    case Fault::kReplayStart:
    case Fault::kLateStart:
    case Fault::kReplayStop:
    case Fault::kLateStop: return {1'000, 3'000'000};
    case Fault::kDoubleStart: return {0, 1};
    case Fault::kStopAgainstStart: return {0, 50'000};
    case Fault::kSqliteOutOfMemory: return {1, 300};
    case Fault::kQuotaCut: return {100'000, 5'000'000};
    case Fault::kClockSkew:
    case Fault::kClockJump:
    case Fault::kClockJumpBack: return {1'000, 3'600'000'000};
    default: return {0, 0};
  }
}

bool strikes_node(Fault fault) {
  return fault == Fault::kCrashNode || fault == Fault::kCrashNodePersisted ||
         fault == Fault::kPauseNode || fault == Fault::kClockSkew || fault == Fault::kClockJump ||
         fault == Fault::kStorePartition || fault == Fault::kStorePartitionOneWay;
}

}  // namespace

int64_t draw_parameter(Fault fault, uint64_t hash) {
  const Range range = parameter_range(fault);
  if (range.most == range.least) return range.least;
  const bool is_choice = fault == Fault::kStoreFatal || fault == Fault::kReadBitFlip ||
                         fault == Fault::kMisdirectedRead || fault == Fault::kLostBlob ||
                         fault == Fault::kDoubleStart;
  if (is_choice) {
    return range.least +
           static_cast<int64_t>(below(hash, static_cast<uint64_t>(range.most - range.least) + 1));
  }
  const double unit = static_cast<double>(hash >> 11) * 0x1.0p-53;
  // Log-uniform: as many short ones as long ones in each power of two.
  const double least = static_cast<double>(range.least) + 1;
  const double most = static_cast<double>(range.most) + 1;
  return static_cast<int64_t>(least * std::exp2(unit * std::log2(most / least))) - 1;
}

int64_t longest_disturbance_us() {
  int64_t longest_us = 0;
  for (const Fault fault :
       {Fault::kSlowMessage, Fault::kPartition, Fault::kPause, Fault::kPauseNode, Fault::kPauseHost,
        Fault::kPauseControlPlane, Fault::kStoreSlow, Fault::kStoreLateLanding, Fault::kLateStart,
        Fault::kReplayStart}) {
    longest_us = std::max(longest_us, parameter_range(fault).most);
  }
  return longest_us;
}

bool may_strike(const Plan& plan, Fault fault) {
  const auto is_it = [fault](const auto& row) { return row.fault == fault; };
  return plan.rates_ppm[static_cast<size_t>(fault)] > 0 ||
         std::any_of(plan.strikes.begin(), plan.strikes.end(), is_it) ||
         std::any_of(plan.perturbations.begin(), plan.perturbations.end(), is_it);
}

Decisions::Decisions(const Plan& plan, std::vector<Perturbation>* points)
    : generate_(plan.mode == PlanMode::kGenerate),
      points_(points),
      key_(plan.decision_key),
      strikes_(plan.strikes),
      planned_(plan.perturbations) {
  for (size_t i = 0; i < planned_.size(); ++i) {
    const Perturbation& row = planned_[i];
    rows_.emplace(RowKey{row.site, row.occurrence, row.entity.hash()}, i);
  }
  if (!generate_) return;
  for (size_t i = 0; i < strikes_.size(); ++i) {
    SQUALL_ASSERT(strikes_[i].site < kWorldSiteCount);
    sites_[strikes_[i].site].strikes.push_back(i);
  }
  for (const FaultInfo& fault : fault_table()) {
    const uint32_t rate = plan.rates_ppm[static_cast<size_t>(fault.fault)];
    if (rate == 0) continue;
    for (size_t site = 0; site < kWorldSiteCount; ++site) {
      if (!applies(fault.fault, static_cast<SiteId>(site))) continue;
      SiteRates& rates = sites_[site];
      rates.total_ppm += rate;
      rates.rates.push_back(Rate{fault.fault, rates.total_ppm});
    }
  }
}

std::optional<Perturbation> Decisions::ask(SiteId site, TaskContext& context) {
  const uint32_t occurrence = context.pass(site);
  if (ended_) return std::nullopt;
  if (points_ != nullptr) {
    Perturbation& point = points_->emplace_back();
    point.site = site;
    point.entity = context.entity();
    point.occurrence = occurrence;
  }
  auto decided = decide(site, context, occurrence);
  if (decided) context.note_struck();
  return decided;
}

std::optional<Perturbation> Decisions::decide(SiteId site, const TaskContext& context,
                                              uint32_t occurrence) {
  if (!rows_.empty()) {
    const auto row = rows_.find(RowKey{site, occurrence, context.entity_hash()});
    if (row != rows_.end()) {
      return record(planned_[row->second], site, context.entity(), occurrence);
    }
  }
  const SiteRates& rates = sites_[site];
  if (!rates.strikes.empty()) {
    if (auto strike = struck(site, context.entity())) {
      return record(*strike, site, context.entity(), occurrence);
    }
  }
  if (rates.total_ppm == 0) return std::nullopt;
  auto perturbation = drawn(rates, site, keyed_hash(key_, site, context.entity_hash(), occurrence));
  if (!perturbation) return std::nullopt;
  return record(*perturbation, site, context.entity(), occurrence);
}

std::optional<Perturbation> Decisions::struck(SiteId site, const Entity& entity) {
  for (const size_t index : sites_[site].strikes) {
    Strike& strike = strikes_[index];
    if (strike.nth == 0) continue;
    // A strike at anyone is meant for the system, not for who shares its store.
    const bool any = strike.kind == EntityKind::kNone && entity.kind != EntityKind::kTenant;
    if (!any && strike.kind != entity.kind) continue;
    if (strike.actor != 0 && strike.actor != entity.actor) continue;
    const bool of_transaction =
        entity.kind == EntityKind::kTransaction && entity.subject == strike.transaction;
    if (strike.transaction != 0 && !of_transaction) continue;
    if (--strike.nth > 0) continue;
    Perturbation perturbation;
    perturbation.fault = strike.fault;
    perturbation.parameter = strike.parameter;
    return perturbation;
  }
  return std::nullopt;
}

std::optional<Perturbation> Decisions::drawn(const SiteRates& rates, SiteId site,
                                             uint64_t hash) const {
  const uint64_t roll = below(hash, kMillion);
  if (roll >= rates.total_ppm) return std::nullopt;
  for (const Rate& rate : rates.rates) {
    if (roll >= rate.up_to_ppm) continue;
    Perturbation perturbation;
    perturbation.fault = rate.fault;
    perturbation.parameter = draw_parameter(rate.fault, keyed_hash(hash, site));
    return perturbation;
  }
  return std::nullopt;
}

Perturbation Decisions::record(Perturbation perturbation, SiteId site, const Entity& entity,
                               uint32_t occurrence) {
  perturbation.site = site;
  perturbation.entity = entity;
  perturbation.occurrence = occurrence;
  fired_.push_back(perturbation);
  if (strikes_node(perturbation.fault) || entity.kind == EntityKind::kNode) ++node_faults_;
  if (entity.kind == EntityKind::kCompaction) {
    if (entity.actor >= compaction_faults_.size()) compaction_faults_.resize(entity.actor + 1);
    ++compaction_faults_[entity.actor];
  }
  ++counts_[static_cast<size_t>(perturbation.fault)];
  return perturbation;
}

}  // namespace squall::sim
