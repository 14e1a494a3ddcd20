#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "engine/assert.h"
#include "sim/engine_knobs.h"

namespace squall::sim {

namespace {
constexpr uint64_t kWatchdogPeriodEvents = 4096;
}  // namespace

World::World(const Plan& plan, const RunOptions& options, StackPool& stacks, PagePool& pages)
    : plan_(plan),
      options_(options),
      pages_(pages),
      trace_(options.trace, options.hash_trace),
      decisions_(plan, options.points),
      scheduler_(stacks, trace_, plan.jitter_key),
      links_(plan.knobs.hosts, plan.knobs.nodes),
      core_{plan,
            scheduler_,
            decisions_,
            trace_,
            LatencyModel(plan.knobs, plan.jitter_key),
            probes_,
            links_,
            options.planted_latency_us},
      pacer_(
          core_,
          [this](const Perturbation& fault, int64_t delay_us) {
            strike_calling_node(fault, delay_us);
          },
          [this]() -> std::optional<uint32_t> {
            const EngineNode* node = calling_node();
            return node ? std::optional(node->index()) : std::nullopt;
          }),
      store_(pacer_, static_cast<StoreProfile>(plan.knobs.store_profile)),
      services_{core_, pages, nullptr, figures_, {}, {}, {}, {}},
      quotas_(core_, [this](uint64_t draw) { return choose_node(std::nullopt, draw); }),
      started_clock_(std::clock()) {
  if (plan.knobs.oracle != 0) {
    oracle_ = std::make_unique<Oracle>(
        OracleOptions{&store_, &plan_, [this] { return scheduler_.now_us(); },
                      [this](const Violation& violation) { violation_ = violation; }, &probes_,
                      [this](ActorId actor) { return decisions_.compaction_troubles(actor); },
                      [this] { return ProcessRuntime::kWallStartUs + scheduler_.now_us(); }});
    store_.add_observer(oracle_.get());
    if (StorageFaults::may_strike(plan)) {
      storage_faults_.emplace(core_, store_, *oracle_);
      pacer_.show_values_to(&*storage_faults_);
    }
    if (plan.knobs.tenant_transactions > 0) {
      tenant_reads_ = std::make_unique<TenantReads>(*oracle_);
      store_.add_observer(tenant_reads_.get());
      tenant_ = std::make_unique<StoreTenant>(core_, store_, *tenant_reads_);
    }
    rude_client_ = std::make_unique<RudeClient>(
        core_, store_, *oracle_, pages_,
        [this](uint64_t draw) { return choose_node(std::nullopt, draw); });
    if (plan.knobs.rude_requests > 0) {
      rude_stager_ = std::make_unique<RudeStager>(core_, store_, *oracle_, [this](uint64_t draw) {
        return choose_node(std::nullopt, draw);
      });
      store_.add_observer(rude_stager_.get());
    }
  }
  build_nodes();
  build_hosts();
}

World::~World() {
  if (oracle_) store_.remove_observer(oracle_.get());
  if (tenant_reads_) store_.remove_observer(tenant_reads_.get());
  if (rude_stager_) store_.remove_observer(rude_stager_.get());
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
    transaction_begins(process, entity);
  };
  services_.ready = [this](ActorProcess& process) { process_ready(process); };
  services_.ended = [this](ActorProcess& process, bool wanted) { process_ended(process, wanted); };
  for (int64_t i = 0; i < plan_.knobs.hosts; ++i) {
    hosts_.push_back(std::make_unique<Host>(
        core_, static_cast<uint32_t>(i), pages_, services_,
        Host::Callbacks{[this](uint32_t host) { return connect_host(host); },
                        [this](Host& host) { control_plane_->host_connected(host); },
                        [this](Host& host) { control_plane_->host_restarted(host); },
                        [this](Host& host) { control_plane_->host_silent(host); }}));
  }
  control_plane_ = std::make_unique<ControlPlane>(core_, hosts_);
}

Client& World::client(ActorId actor) {
  const auto found = clients_.find(actor);
  SQUALL_ASSERT(found != clients_.end());
  return found->second;
}

EngineNode* World::choose_node(std::optional<uint32_t> host, uint64_t draw) {
  std::vector<EngineNode*> answering;
  for (const auto& node : nodes_) {
    const bool cut = host && links_.is_cut(*host, node->index(), scheduler_.now_us());
    if (node->is_up() && !node->is_paused() && !cut) answering.push_back(node.get());
  }
  return answering.empty() ? nullptr : answering[below(draw, answering.size())];
}

EngineNode* World::connect_host(uint32_t host) {
  if (hosts_[host]->is_paused()) return nullptr;
  return choose_node(host, keyed_hash(plan_.jitter_key, host, ++connects_));
}

EngineNode* World::calling_node() {
  const Process& caller = scheduler_.current().process();
  const auto owns = [&](const auto& node) { return node->owns(caller); };
  const auto node = std::find_if(nodes_.begin(), nodes_.end(), owns);
  return node == nodes_.end() ? nullptr : node->get();
}

void World::strike_calling_node(const Perturbation& perturbation, int64_t delay_us) {
  EngineNode* node = calling_node();
  if (node == nullptr) return;
  if (perturbation.fault == Fault::kPauseNode) return node->strike(perturbation);
  // The caller is on its way into the store: it dies in its wait there.
  scheduler_.after(delay_us, keyed_hash(plan_.jitter_key, node->index()),
                   [caller = &scheduler_.current().process(), node] {
                     if (node->owns(*caller)) node->crash();
                   });
}

void World::transaction_begins(ActorProcess& process, const Entity& entity) {
  if (entity.kind != EntityKind::kTransaction) return;
  control_plane_->transaction_begins(entity);
  const auto fault = decisions_.ask(site_id(WorldSite::kTransactionBegin), scheduler_.context());
  if (!fault) return;
  trace_fault(core_, *fault);
  switch (fault->fault) {
    case Fault::kConcurrentTakeover: return control_plane_->take_elsewhere(entity.actor);
    case Fault::kCrashHost: return process.host().crash();
    case Fault::kQuotaCut: return cut_quota(entity.actor, fault->parameter);
    default: return control_plane_->strike(*fault);
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
    if (host.get() != &process.host() && host->has_open(actor))
      probes_.hit(WorldProbe::kTwoProcessesOpen);
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
  if (rude_client_) rude_client_->start();
  if (rude_stager_) rude_stager_->start();
}

double World::used_cpu_s() const {
  return static_cast<double>(std::clock() - started_clock_) / CLOCKS_PER_SEC;
}

bool World::watchdog_bites() {
  if (trace_.events() > options_.max_events) {
    error_ = fmt::format("watchdog: more than {} events", options_.max_events);
  } else if (trace_.events() % kWatchdogPeriodEvents == 0 && used_cpu_s() > options_.max_cpu_s) {
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

void World::shut_down() {
  for (const auto& host : hosts_) host->shut_down();
  for (const auto& node : nodes_) node->shut_down();
  if (tenant_) tenant_->shut_down();
}

}  // namespace squall::sim
