// Everything that exists in a run, and its course: start, workload under faults, healing, the last
// look.
#pragma once

#include <cstdint>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/client.h"
#include "sim/control_plane.h"
#include "sim/core.h"
#include "sim/engine_node.h"
#include "sim/host.h"
#include "sim/oracle/oracle.h"
#include "sim/quotas.h"
#include "sim/rude_client.h"
#include "sim/rude_stager.h"
#include "sim/run.h"
#include "sim/storage_faults.h"
#include "sim/store/simulated_store.h"
#include "sim/store_tenant.h"
#include "sim/world_pacer.h"

namespace squall::sim {

class World {
 public:
  World(const Plan& plan, const RunOptions& options, StackPool& stacks, PagePool& pages);
  ~World();

  RunResult run();

 private:
  enum class Phase : uint8_t { kFaults, kHealing, kSettling, kOver };

  void build_nodes();
  void build_hosts();
  void start();
  void step();
  void advance_phase();
  void end_faults();
  // Every client that has more than its last transaction ahead is of an actor that stored state
  // proves unable to serve.
  bool all_left_are_in_quarantine();
  void set_quota(ActorId actor, int64_t bytes);
  void cut_quotas_for_good();
  void cut_quota(ActorId actor, int64_t duration_us);
  void judge_progress();
  int64_t healing_bound_us() const;
  int64_t settling_bound_us() const;
  void last_look();
  size_t client_cursor(ActorId actor) const;
  double used_cpu_s() const;
  bool watchdog_bites();

  // One that is up and answers: the host, if one is given.
  EngineNode* choose_node(std::optional<uint32_t> host, uint64_t draw);
  EngineNode* connect_host(uint32_t host);
  // The one whose task runs now; null: none.
  EngineNode* calling_node();
  void strike_calling_node(const Perturbation& perturbation, int64_t delay_us);
  void transaction_begins(ActorProcess& process, const Entity& entity);
  void node_crashed(EngineNode& node);
  void process_ready(ActorProcess& process);
  void process_ended(ActorProcess& process, bool wanted);
  Client& client(ActorId actor);
  void shut_down();
  RunResult result() const;

  const Plan& plan_;
  const RunOptions& options_;
  PagePool& pages_;
  Trace trace_;
  Decisions decisions_;
  Scheduler scheduler_;
  ProbeCounts probes_;
  Links links_;
  Core core_;
  WorldPacer pacer_;
  SimulatedStore store_;
  WorldFigures figures_;
  std::unique_ptr<Oracle> oracle_;
  std::optional<StorageFaults> storage_faults_;
  std::unique_ptr<TenantReads> tenant_reads_;
  std::unique_ptr<StoreTenant> tenant_;
  ActorServices services_;
  std::vector<std::unique_ptr<EngineNode>> nodes_;
  std::vector<std::unique_ptr<Host>> hosts_;
  std::map<ActorId, Client> clients_;
  ScriptProgress progress_;
  std::unique_ptr<ControlPlane> control_plane_;
  Quotas quotas_;
  std::unique_ptr<RudeClient> rude_client_;
  std::unique_ptr<RudeStager> rude_stager_;  // null: nobody is rude
  Phase phase_ = Phase::kFaults;
  int64_t phase_deadline_us_ = 0;
  int64_t last_node_crash_us_ = -1;
  int64_t next_quarantine_look_us_ = 0;
  uint64_t connects_ = 0;
  const std::clock_t started_clock_;
  std::optional<Violation> violation_;
  std::string error_;
};

}  // namespace squall::sim
