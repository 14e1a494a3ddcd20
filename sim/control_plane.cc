#include "sim/control_plane.h"

#include <algorithm>

#include "engine/assert.h"

namespace squall::sim {

namespace {
constexpr int64_t kAckPeriodUs = 300'000'000;
constexpr int64_t kFirstRestartBackoffUs = 10'000;
constexpr uint32_t kMaxRestartDoublings = 7;
}  // namespace

ControlPlane::ControlPlane(Core& core, std::vector<std::unique_ptr<Host>>& hosts)
    : core_(core),
      hosts_(hosts),
      unacked_(hosts.size()),
      action_done_(core.plan.workload.control.size(), false) {}

void ControlPlane::place(ActorId actor) {
  actors_[actor];
  start_on(actor, static_cast<uint32_t>((actor - 1) % hosts_.size()), 0);
}

TaskContext ControlPlane::context_of(const Command& command) {
  Entity entity;
  entity.kind = EntityKind::kStart;
  entity.actor = command.actor;
  entity.subject = command.start_sequence;
  return TaskContext(entity);
}

void ControlPlane::start_on(ActorId actor, uint32_t host, int64_t delay_us) {
  Actor& state = actors_[actor];
  ++state.sequence;
  state.host = host;
  const Command command{Command::Kind::kStart, actor, state.sequence};
  core_.trace.line("control plane starts actor {} on host {} under start {}", actor, host,
                   state.sequence);
  TaskContext context = context_of(command);
  const auto fault = core_.decisions.ask(site_id(WorldSite::kStartCommand), context);
  send(host, command, delay_us);
  if (!fault) return;
  if (fault->fault == Fault::kReplayStart) send(host, command, delay_us + fault->parameter);
  if (fault->fault == Fault::kConcurrentTakeover && hosts_.size() > 1) {
    core_.scheduler.after(delay_us, context.entity_hash(), [this, actor] { move(actor, -1); });
  }
}

void ControlPlane::stop_on(uint32_t host, ActorId actor, uint64_t sequence, int64_t delay_us) {
  const Command command{Command::Kind::kStop, actor, sequence};
  TaskContext context = context_of(command);
  const auto fault = core_.decisions.ask(site_id(WorldSite::kStopCommand), context);
  send(host, command, delay_us);
  if (fault && fault->fault == Fault::kReplayStop) {
    send(host, command, delay_us + fault->parameter);
  }
}

void ControlPlane::send(uint32_t host, const Command& command, int64_t delay_us) {
  TaskContext context = context_of(command);
  const int64_t arrival_us =
      delay_us + core_.latency.message_us(host, ~uint64_t{0}, context);
  unacked_[host].push_back(Sent{command, core_.scheduler.now_us()});
  core_.scheduler.after(arrival_us, context.entity_hash(),
                        [this, host, command] { hosts_[host]->deliver(command); });
}

void ControlPlane::resend(uint32_t host) {
  std::vector<Sent>& sent = unacked_[host];
  std::erase_if(sent, [this](const Sent& entry) {
    return core_.scheduler.now_us() - entry.sent_us > kAckPeriodUs;
  });
  for (const Sent& entry : sent) {
    TaskContext context = context_of(entry.command);
    const int64_t delay_us = core_.latency.message_us(host, ~uint64_t{0}, context);
    core_.scheduler.after(delay_us, context.entity_hash(), [this, host, command = entry.command] {
      hosts_[host]->deliver(command);
    });
  }
}

void ControlPlane::host_connected(Host& host) { resend(host.index()); }

void ControlPlane::host_restarted(Host& host) {
  for (const auto& [actor, state] : actors_) {
    if (state.host != host.index()) continue;
    const Command command{Command::Kind::kStart, actor, state.sequence};
    send(host.index(), command, 0);
  }
}

void ControlPlane::move(ActorId actor, int64_t stop_delay_us) {
  const Actor& state = actors_[actor];
  const uint32_t from = state.host;
  const uint64_t sequence = state.sequence;
  start_on(actor, static_cast<uint32_t>((from + 1) % hosts_.size()), 0);
  if (stop_delay_us >= 0) stop_on(from, actor, sequence, stop_delay_us);
}

void ControlPlane::carry_out(const ControlAction& action) {
  const Actor state = actors_[action.actor];
  switch (action.kind) {
    case ControlAction::Kind::kMove: move(action.actor, action.stop_delay_us); break;
    case ControlAction::Kind::kRenew: start_on(action.actor, state.host, 0); break;
    case ControlAction::Kind::kRestart:
      stop_on(state.host, action.actor, state.sequence, 0);
      start_on(action.actor, state.host, 0);
      break;
  }
}

void ControlPlane::transaction_begins(ActorProcess& process, const Entity& entity) {
  if (entity.kind != EntityKind::kTransaction) return;
  const std::vector<ControlAction>& actions = core_.plan.workload.control;
  for (size_t i = 0; i < actions.size(); ++i) {
    const ControlAction& action = actions[i];
    if (action_done_[i] || action.actor != entity.actor) continue;
    if (action.at_transaction != entity.subject) continue;
    action_done_[i] = true;
    core_.scheduler.after(action.delay_us, keyed_hash(core_.latency.key(), action.id),
                          [this, &action] { carry_out(action); });
  }
  const auto fault = core_.decisions.ask(site_id(WorldSite::kTransactionBegin),
                                         core_.scheduler.context());
  if (!fault) return;
  if (fault->fault == Fault::kConcurrentTakeover) move(entity.actor, -1);
  if (fault->fault == Fault::kCrashHost) process.host().crash();
}

void ControlPlane::process_failed(const ActorProcess& process) {
  Actor& state = actors_[process.actor()];
  if (process.owner().start_sequence != state.sequence) return;
  const int64_t backoff_us = kFirstRestartBackoffUs
                             << std::min(state.failures++, kMaxRestartDoublings);
  const ActorId actor = process.actor();
  const uint64_t sequence = state.sequence;
  core_.scheduler.after(backoff_us, keyed_hash(core_.latency.key(), actor, sequence),
                        [this, actor, sequence] {
                          const Actor& now = actors_[actor];
                          if (now.sequence == sequence) start_on(actor, now.host, 0);
                        });
}

}  // namespace squall::sim
