#include "sim/world.h"

#include <fmt/format.h>

#include <ctime>
#include <utility>

#include "engine/assert.h"
#include "sim/engine_knobs.h"

namespace squall::sim {

namespace {

// A workload that waits for something that its faults never allow must still end.
constexpr int64_t kFaultsAtMostUs = 600'000'000;
constexpr uint64_t kWatchdogPeriodEvents = 4096;
constexpr int64_t kHealedQuotaBytes = int64_t{10} << 30;
constexpr int64_t kQuotaRetryUs = 100'000;

double cpu_now_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

World::World(const Plan& plan, const RunOptions& options, StackPool& stacks, PagePool& pages)
    : plan_(plan),
      options_(options),
      pages_(pages),
      trace_(options.trace, options.hash_trace),
      decisions_(plan),
      scheduler_(stacks, trace_, plan.jitter_key),
      core_{plan,
            scheduler_,
            decisions_,
            trace_,
            LatencyModel(plan.knobs, plan.jitter_key),
            probes_,
            options.planted_latency_us},
      pacer_(core_, [this](int64_t delay_us) { crash_calling_node(delay_us); }),
      store_(pacer_),
      services_{core_, pages, nullptr, figures_, {}, {}, {}, {}},
      started_cpu_s_(cpu_now_s()) {
  if (plan.knobs.oracle != 0) {
    oracle_ = std::make_unique<Oracle>(
        OracleOptions{&store_, &plan_, &pages_, [this] { return scheduler_.now_us(); },
                      [this](const Violation& violation) { violation_ = violation; }, &probes_});
    store_.add_observer(oracle_.get());
    if (plan.knobs.tenant_transactions > 0) {
      tenant_reads_ = std::make_unique<TenantReads>(*oracle_);
      store_.add_observer(tenant_reads_.get());
      tenant_ = std::make_unique<StoreTenant>(core_, store_, *tenant_reads_);
    }
  }
  build_nodes();
  build_hosts();
}

World::~World() {
  if (oracle_) store_.remove_observer(oracle_.get());
  if (tenant_reads_) store_.remove_observer(tenant_reads_.get());
}

void World::build_nodes() {
  for (int64_t i = 0; i < plan_.knobs.nodes; ++i) {
    nodes_.push_back(std::make_unique<EngineNode>(
        core_, static_cast<uint32_t>(i), store_, pages_, engine_options(plan_.knobs), oracle_.get(),
        EngineNode::Callbacks{[this](EngineNode& node) { node_crashed(node); }}));
  }
}

void World::build_hosts() {
  for (const ActorScript& script : plan_.workload.actors) {
    clients_.try_emplace(script.actor, script, progress_);
  }
  services_.oracle = oracle_.get();
  services_.client = [this](ActorId actor) -> Client& { return client(actor); };
  services_.transaction_begins = [this](ActorProcess& process, const Entity& entity) {
    control_plane_->transaction_begins(process, entity);
  };
  services_.ready = [this](ActorProcess& process) { process_ready(process); };
  services_.ended = [this](ActorProcess& process, bool wanted) { process_ended(process, wanted); };
  for (int64_t i = 0; i < plan_.knobs.hosts; ++i) {
    hosts_.push_back(std::make_unique<Host>(
        core_, static_cast<uint32_t>(i), pages_, services_,
        Host::Callbacks{[this](uint32_t host) { return choose_node(host); },
                        [this](Host& host) { control_plane_->host_connected(host); },
                        [this](Host& host) { control_plane_->host_restarted(host); }}));
  }
  control_plane_ = std::make_unique<ControlPlane>(core_, hosts_);
}

Client& World::client(ActorId actor) {
  const auto found = clients_.find(actor);
  SQUALL_ASSERT(found != clients_.end());
  return found->second;
}

EngineNode* World::choose_node(uint32_t host) {
  std::vector<EngineNode*> up;
  for (const auto& node : nodes_) {
    if (node->is_up()) up.push_back(node.get());
  }
  if (up.empty()) return nullptr;
  return up[below(keyed_hash(plan_.jitter_key, host, ++connects_), up.size())];
}

void World::crash_calling_node(int64_t delay_us) {
  const Process* caller = &scheduler_.current().process();
  for (const auto& node : nodes_) {
    if (!node->owns(*caller)) continue;
    scheduler_.after(delay_us, keyed_hash(plan_.jitter_key, node->index()),
                     [this, caller, crashed = node.get()] {
                       if (crashed->owns(*caller)) crashed->crash();
                     });
  }
}

void World::node_crashed(EngineNode& node) {
  last_node_crash_us_ = scheduler_.now_us();
  for (const auto& host : hosts_) {
    if (host->connection().node() == &node) {
      figures_.commits_struck += host->connection().commits_in_flight();
      if (host->connection().commits_in_flight() > 0) probes_.hit(WorldProbe::kNodeDiesInCommit);
    }
    host->connection().node_died(node);
  }
}

void World::process_ready(ActorProcess& process) {
  const ActorId actor = process.actor();
  if (process.owner().start_sequence != control_plane_->sequence(actor)) return;
  for (const auto& host : hosts_) {
    if (host.get() != &process.host() && host->has_open(actor)) probes_.hit(WorldProbe::kTwoProcessesOpen);
    if (host.get() != &process.host() && host->connection().commit_in_flight(actor)) {
      ++figures_.commits_struck;
    }
  }
  client(actor).turn_to(process);
}

void World::process_ended(ActorProcess& process, bool wanted) {
  client(process.actor()).forget(process);
  if (wanted) control_plane_->process_failed(process);
  scheduler_.after(0, process.actor(), [host = &process.host()] { host->bury_ended(); });
}

void World::start() {
  for (const auto& node : nodes_) node->start();
  for (const auto& host : hosts_) host->connection().connect();
  for (const auto& [actor, unused] : clients_) control_plane_->place(actor);
  if (tenant_) tenant_->start();
}

bool World::watchdog_bites() {
  if (trace_.events() > options_.max_events) {
    error_ = fmt::format("watchdog: more than {} events", options_.max_events);
  } else if (trace_.events() % kWatchdogPeriodEvents == 0 &&
             cpu_now_s() - started_cpu_s_ > options_.max_cpu_s) {
    error_ = fmt::format("watchdog: more than {} CPU seconds", options_.max_cpu_s);
  }
  return !error_.empty();
}

RunResult World::run() {
  start();
  while (phase_ != Phase::kOver && !violation_ && !watchdog_bites()) step();
  if (!violation_ && error_.empty() && oracle_) last_look();
  shut_down();
  return result();
}

void World::step() {
  const bool settled = phase_ == Phase::kSettling && scheduler_.next_event_us() > phase_deadline_us_;
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
      if (progress_.before_last == 0 || scheduler_.now_us() >= end_us) end_faults();
      break;
    }
    case Phase::kHealing:
      if (progress_.unfinished == 0) {
        judge_progress();
        phase_ = Phase::kSettling;
        phase_deadline_us_ = scheduler_.now_us() + (oracle_ ? settling_bound_us() : 0);
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
  if (oracle_) oracle_->check_quiet();
  for (const auto& [actor, unused] : clients_) {
    if (plan_.knobs.storage_max_bytes < kHealedQuotaBytes) raise_quota(actor);
    for (const auto& host : hosts_) host->nudge(actor);
  }
}

void World::raise_quota(ActorId actor) {
  const auto again = [this, actor](bool raised) {
    if (raised) return;
    scheduler_.after(kQuotaRetryUs, actor, [this, actor] { raise_quota(actor); });
  };
  EngineNode* node = choose_node(static_cast<uint32_t>(actor));
  if (node == nullptr) return again(false);
  node->raise_quota(actor, kHealedQuotaBytes, again);
}

// Two rounds of everything that may have to run out before an actor is served again: a request sent into a dead
// connection (its time-out, found at the next check), the commit's own tries, a late landing in the store, a
// restart; and each transaction that is still ahead.
int64_t World::healing_bound_us() const {
  const int64_t timeout_us = plan_.knobs.request_timeout_ms * 1000 * 3 / 2;
  const int64_t round_us = timeout_us * 2 + plan_.knobs.restart_ms * 1000 + 20'000'000;
  size_t longest = 1;
  for (const ActorScript& script : plan_.workload.actors) {
    longest = std::max(longest, script.transactions.size() - std::min(script.transactions.size(),
                                                                      client_cursor(script.actor)));
  }
  return 2 * round_us + static_cast<int64_t>(longest) * 5'000'000;
}

// What compaction may take once nobody writes: an idle time, again after a pass that lost against another node's, and
// passes, each some store round trips of which one may be a hundred times slower than the others.
int64_t World::settling_bound_us() const {
  const int64_t pass_us = 200 * plan_.knobs.store_latency_us;
  return 4 * plan_.knobs.compact_idle_ms * 1000 + 60'000'000 + 20 * pass_us;
}

void World::last_look() {
  oracle_->check_final();
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
    oracle_->report(Invariant::kProgress, "client",
                    fmt::format("actor {} was not served within {} ms after the faults ended: it stands "
                                "before entry {} of its script",
                                actor, healing_bound_us() / 1000, client.cursor() + 1));
    return;
  }
}

void World::shut_down() {
  for (const auto& host : hosts_) host->shut_down();
  for (const auto& node : nodes_) node->shut_down();
  if (tenant_) tenant_->shut_down();
}

RunResult World::result() const {
  RunResult result;
  result.scenario = plan_.scenario;
  result.seed = plan_.seed;
  result.verdict = violation_ ? Verdict::kViolated : Verdict::kHeld;
  if (violation_) {
    result.invariant = to_string(violation_->invariant);
    result.signature = violation_->signature();
    result.message = violation_->message;
  } else if (!error_.empty()) {
    result.verdict = Verdict::kError;
    result.message = error_;
  }
  result.events = trace_.events();
  result.hash = trace_.hash();
  result.virtual_ms = scheduler_.now_us() / 1000;
  result.knobs = plan_.knobs;
  result.fired = decisions_.fired();
  for (const FaultInfo& fault : fault_table()) {
    result.faults.emplace(fault.name, decisions_.count(fault.fault));
  }
  for (const ProbeInfo& row : probe_table()) {
    uint64_t count = probes_.counts()[row.id];
    if (row.id == probe_id(WorldProbe::kStoreReadsOldValue)) count = store_.old_reads();
    if (count > 0) result.probes.emplace(row.name, count);
  }
  result.commits = figures_.commits;
  result.staged_commits = figures_.staged_commits;
  result.page_fetches = figures_.page_fetches;
  result.commits_struck = figures_.commits_struck;
  if (oracle_) {
    const InvariantCounts& counts = oracle_->counts();
    for (const InvariantInfo& row : invariant_table()) {
      result.invariants.emplace(row.name, counts[static_cast<size_t>(row.invariant)]);
    }
    const OracleFigures& oracle = oracle_->figures();
    result.statements = oracle.statements;
    result.committing_actors = oracle.committing_actors;
    result.dirty_pages = oracle.dirty_pages;
    result.compactions = oracle.compactions;
    result.shrinks = oracle.shrinks;
  }
  result.cpu_ms = (cpu_now_s() - started_cpu_s_) * 1000;
  return result;
}

}  // namespace squall::sim
