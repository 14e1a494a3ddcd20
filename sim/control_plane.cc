#include "sim/control_plane.h"

#include <algorithm>
#include <utility>

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

void ControlPlane::at_work(uint64_t subject, std::function<void()> what) {
  const int64_t left_us = away_until_us_ - core_.scheduler.now_us();
  if (left_us <= 0) return what();
  core_.scheduler.after(left_us, subject, [this, subject, what = std::move(what)]() mutable {
    at_work(subject, std::move(what));
  });
}

void ControlPlane::later(int64_t delay_us, uint64_t subject, std::function<void()> what) {
  core_.scheduler.after(delay_us, subject,
                        [this, subject, crashes = crashes_, what = std::move(what)]() mutable {
                          if (crashes == crashes_) at_work(subject, std::move(what));
                        });
}

void ControlPlane::strike(const Perturbation& perturbation) {
  if (perturbation.fault == Fault::kCrashControlPlane) return crash();
  SQUALL_ASSERT(perturbation.fault == Fault::kPauseControlPlane);
  away_until_us_ = std::max(away_until_us_, core_.scheduler.now_us() + perturbation.parameter);
}

void ControlPlane::crash() {
  if (is_down_) return;
  core_.trace.line("the control plane crashes");
  is_down_ = true;
  ++crashes_;
  for (std::vector<Sent>& sent : unacked_) sent.clear();
  const int64_t restart_us = core_.plan.knobs.restart_ms * 1000;
  away_until_us_ = core_.scheduler.now_us() + restart_us;
  core_.scheduler.after(restart_us, keyed_hash(core_.latency.key(), 0xC9), [this] {
    core_.trace.line("the control plane is back");
    is_down_ = false;
    away_until_us_ = 0;
    for (const auto& [actor, state] : actors_) {
      send_again(state.host, actor, Command::Cause::kControlPlaneRestart);
    }
  });
}

void ControlPlane::place(ActorId actor) {
  actors_[actor];
  at_work(actor, [this, actor] {
    start_on(actor, static_cast<uint32_t>((actor - 1) % hosts_.size()), 0);
  });
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
  if (!fault) return send(host, command, delay_us);
  trace_fault(core_, *fault);
  start_amiss(*fault, command, host, delay_us);
}

void ControlPlane::start_amiss(const Perturbation& fault, const Command& command, uint32_t host,
                               int64_t delay_us) {
  const ActorId actor = command.actor;
  switch (fault.fault) {
    case Fault::kLateStart: return send(host, command, delay_us + fault.parameter);
    case Fault::kReplayStart: {
      Command again = command;
      again.cause = Command::Cause::kAgain;
      send(host, command, delay_us);
      return travel(host, again, delay_us + fault.parameter);
    }
    case Fault::kConcurrentTakeover:
      send(host, command, delay_us);
      return later(delay_us, actor, [this, actor] { take_elsewhere(actor); });
    case Fault::kDoubleStart:
      send(host, command, delay_us);
      return start_on(actor, fault.parameter % 2 == 0 ? host_after(host) : host, delay_us);
    case Fault::kStopAgainstStart:
      send(host, command, delay_us);
      stop_on(host, actor, command.start_sequence, delay_us + fault.parameter);
      return start_on(actor, host, delay_us + fault.parameter);
    default: strike(fault); return send(host, command, delay_us);
  }
}

void ControlPlane::stop_on(uint32_t host, ActorId actor, uint64_t sequence, int64_t delay_us) {
  const Command command{Command::Kind::kStop, actor, sequence};
  TaskContext context = context_of(command);
  const auto fault = core_.decisions.ask(site_id(WorldSite::kStopCommand), context);
  if (!fault) return send(host, command, delay_us);
  trace_fault(core_, *fault);
  stop_amiss(*fault, command, host, delay_us);
}

void ControlPlane::stop_amiss(const Perturbation& fault, const Command& command, uint32_t host,
                              int64_t delay_us) {
  switch (fault.fault) {
    case Fault::kLostStop: return;
    case Fault::kLateStop: return send(host, command, delay_us + fault.parameter);
    case Fault::kReplayStop:
      send(host, command, delay_us);
      return travel(host, command, delay_us + fault.parameter);
    default: strike(fault); return send(host, command, delay_us);
  }
}

void ControlPlane::send(uint32_t host, const Command& command, int64_t delay_us) {
  if (is_down_) return;
  at_work(command.actor, [this, host, command, delay_us] {
    unacked_[host].push_back(Sent{command, core_.scheduler.now_us()});
    travel(host, command, delay_us);
  });
}

void ControlPlane::travel(uint32_t host, const Command& command, int64_t delay_us) {
  TaskContext context = context_of(command);
  const int64_t arrival_us = delay_us + core_.latency.message_us(host, ~uint64_t{0}, context);
  core_.scheduler.after(arrival_us, context.entity_hash(),
                        [this, host, command] { hosts_[host]->deliver(command); });
}

void ControlPlane::send_again(uint32_t host, ActorId actor, Command::Cause cause) {
  send(host, Command{Command::Kind::kStart, actor, actors_[actor].sequence, cause}, 0);
}

void ControlPlane::host_connected(Host& host) {
  at_work(host.index(), [this, index = host.index()] {
    std::vector<Sent>& sent = unacked_[index];
    std::erase_if(sent, [this](const Sent& entry) {
      return core_.scheduler.now_us() - entry.sent_us > kAckPeriodUs;
    });
    for (Sent& entry : sent) {
      entry.command.cause = Command::Cause::kReconnect;
      travel(index, entry.command, 0);
    }
  });
}

void ControlPlane::host_restarted(Host& host) {
  at_work(host.index(), [this, index = host.index()] {
    for (const auto& [actor, state] : actors_) {
      if (state.host == index) send_again(index, actor, Command::Cause::kHostRestart);
    }
  });
}

void ControlPlane::host_silent(const Host& host) {
  if (hosts_.size() < 2) return;
  later(0, host.index(), [this, index = host.index()] {
    core_.trace.line("the control plane gives host {} up", index);
    for (const auto& [actor, state] : actors_) {
      if (state.host == index) start_on(actor, host_after(index), 0);
    }
  });
}

void ControlPlane::take_elsewhere(ActorId actor) {
  if (hosts_.size() < 2) return;
  at_work(actor, [this, actor] { move(actor, -1); });
}

void ControlPlane::move(ActorId actor, int64_t stop_delay_us) {
  const Actor& state = actors_[actor];
  const uint32_t from = state.host;
  const uint64_t sequence = state.sequence;
  start_on(actor, host_after(from), 0);
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

void ControlPlane::transaction_begins(const Entity& entity) {
  const std::vector<ControlAction>& actions = core_.plan.workload.control;
  for (size_t i = 0; i < actions.size(); ++i) {
    const ControlAction& action = actions[i];
    if (action_done_[i] || action.actor != entity.actor) continue;
    if (action.at_transaction != entity.subject) continue;
    action_done_[i] = true;
    const uint64_t subject = keyed_hash(core_.latency.key(), action.id);
    // The plan's will survives a crash.
    core_.scheduler.after(action.delay_us, subject, [this, subject, &action] {
      at_work(subject, [this, &action] { carry_out(action); });
    });
  }
}

void ControlPlane::process_failed(const ActorProcess& process) {
  if (is_down_) return;
  Actor& state = actors_[process.actor()];
  if (process.owner().start_sequence != state.sequence) return;
  const int64_t backoff_us = kFirstRestartBackoffUs
                             << std::min(state.failures++, kMaxRestartDoublings);
  const ActorId actor = process.actor();
  const uint64_t sequence = state.sequence;
  later(backoff_us, keyed_hash(core_.latency.key(), actor, sequence), [this, actor, sequence] {
    const Actor& now = actors_[actor];
    if (now.sequence == sequence) start_on(actor, now.host, 0);
  });
}

}  // namespace squall::sim
