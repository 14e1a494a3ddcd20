// The course of a run: the workload under faults, healing, the last look.
#include <fmt/format.h>

#include <algorithm>

#include "sim/world.h"

namespace squall::sim {

namespace {
// A workload that waits for something that its faults never allow must still end.
constexpr int64_t kFaultsAtMostUs = 600'000'000;
constexpr int64_t kHealedQuotaBytes = int64_t{10} << 30;
constexpr int64_t kCutQuotaBytes = 1;
constexpr int64_t kQuarantineLookPeriodUs = 500'000;
}  // namespace

void World::step() {
  const bool settled =
      phase_ == Phase::kSettling && scheduler_.next_event_us() > phase_deadline_us_;
  if (settled || !scheduler_.run_one()) {
    if (phase_ != Phase::kSettling) judge_progress();
    phase_ = Phase::kOver;
    return;
  }
  advance_phase();
}

void World::advance_phase() {
  switch (phase_) {
    case Phase::kFaults: {
      const int64_t end_us = plan_.faults_end_us > 0 ? plan_.faults_end_us : kFaultsAtMostUs;
      const bool is_over = progress_.before_last == 0 || scheduler_.now_us() >= end_us;
      if (is_over || all_left_are_in_quarantine()) end_faults();
      break;
    }
    case Phase::kHealing:
      if (progress_.unfinished == 0) {
        judge_progress();
        phase_ = Phase::kSettling;
        phase_deadline_us_ = scheduler_.now_us() + (oracle_ ? settling_bound_us() : 0);
        if (oracle_) cut_quotas_for_good();
      } else if (scheduler_.now_us() > phase_deadline_us_) {
        judge_progress();
        phase_ = Phase::kOver;
      }
      break;
    case Phase::kSettling:
    case Phase::kOver: break;
  }
}

void World::end_faults() {
  phase_ = Phase::kHealing;
  decisions_.end_faults();
  phase_deadline_us_ = scheduler_.now_us() + healing_bound_us();
  trace_.line("faults end");
  links_.mend();
  pacer_.mend_links();
  store_.restore();
  if (oracle_) oracle_->check_stored();
  for (const auto& [actor, unused] : clients_) {
    const bool was_tight =
        plan_.knobs.storage_max_bytes < kHealedQuotaBytes || quotas_.was_ever_set(actor);
    if (was_tight) set_quota(actor, kHealedQuotaBytes);
    for (const auto& host : hosts_) host->nudge(actor);
  }
}

// Whose quota was ever tight is over it from now on: compaction must go on all the same.
void World::cut_quotas_for_good() {
  for (const auto& [actor, client] : clients_) {
    if (quotas_.was_ever_set(actor)) set_quota(actor, kCutQuotaBytes);
  }
}

bool World::all_left_are_in_quarantine() {
  if (store_.lost().empty() || !oracle_ || scheduler_.now_us() < next_quarantine_look_us_)
    return false;
  next_quarantine_look_us_ = scheduler_.now_us() + kQuarantineLookPeriodUs;
  for (const auto& [actor, client] : clients_) {
    if (client.at_last()) continue;
    const auto why = oracle_->quarantine(actor);
    if (!why) return false;
    trace_.line("actor {} is in quarantine: {}", actor, *why);
  }
  return true;
}

void World::set_quota(ActorId actor, int64_t bytes) {
  if (oracle_) oracle_->quota_asked(actor, static_cast<uint64_t>(bytes));
  quotas_.set(actor, bytes);
}

void World::cut_quota(ActorId actor, int64_t duration_us) {
  set_quota(actor, kCutQuotaBytes);
  scheduler_.after(duration_us, actor, [this, actor] {
    if (phase_ == Phase::kFaults) set_quota(actor, plan_.knobs.storage_max_bytes);
  });
}

// What went wrong last runs out; then two rounds of everything that may have to run out before an
// actor is served again: a request sent into a dead connection (its time-out, found at the next
// check), the commit's own tries, a late landing in the store, a restart; and each transaction that
// is still ahead, which may fetch a few hundred pages one by one where the caches are small.
int64_t World::healing_bound_us() const {
  const int64_t timeout_us = plan_.knobs.request_timeout_ms * 1000 * 3 / 2;
  const int64_t round_us = timeout_us * 2 + plan_.knobs.restart_ms * 1000 + 20'000'000;
  size_t longest = 1;
  for (const ActorScript& script : plan_.workload.actors) {
    longest = std::max(longest, script.transactions.size() - std::min(script.transactions.size(),
                                                                      client_cursor(script.actor)));
  }
  const Knobs& knobs = plan_.knobs;
  const int64_t fetch_us =
      (knobs.network_latency_us + knobs.store_latency_us) * (1 + knobs.latency_spread);
  const int64_t transaction_us = std::max<int64_t>(5'000'000, 300 * fetch_us);
  return longest_disturbance_us() + 2 * round_us + static_cast<int64_t>(longest) * transaction_us;
}

// What compaction may take once nobody writes: what went wrong last, an idle time, again after a
// pass that lost against another node's, and passes, each some store round trips of which one may
// be a hundred times slower than the others.
int64_t World::settling_bound_us() const {
  const int64_t pass_us = 200 * plan_.knobs.store_latency_us;
  return longest_disturbance_us() + 4 * plan_.knobs.compact_idle_ms * 1000 + 60'000'000 +
         20 * pass_us;
}

void World::last_look() {
  oracle_->check_stored();
  if (phase_ != Phase::kOver || progress_.unfinished > 0) return;
  oracle_->check_converged(last_node_crash_us_);
  for (const auto& node : nodes_) {
    if (node->is_up()) node->check_idle();
  }
}

size_t World::client_cursor(ActorId actor) const { return clients_.at(actor).cursor(); }

void World::judge_progress() {
  if (!oracle_ || violation_) return;
  for (const auto& [actor, client] : clients_) {
    oracle_->evaluated(Invariant::kProgress);
    if (client.done()) continue;
    oracle_->report(
        Invariant::kProgress, "client",
        fmt::format("actor {} was not served within {} ms after the faults ended: it stands "
                    "before entry {} of its script",
                    actor, healing_bound_us() / 1000, client.cursor() + 1));
    return;
  }
}

}  // namespace squall::sim
