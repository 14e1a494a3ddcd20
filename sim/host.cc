#include "sim/host.h"

#include <algorithm>
#include <utility>

#include "engine/assert.h"

namespace squall::sim {

namespace {
// From a host's last sign of life to the control plane's giving it up.
constexpr int64_t kSilenceUs = 1'500'000;
}  // namespace

std::string_view to_string(Command::Cause cause) {
  switch (cause) {
    case Command::Cause::kNew: return "is new";
    case Command::Cause::kAgain: return "was delivered again";
    case Command::Cause::kReconnect:
      return "was replayed after a reconnect, since nobody had acked it";
    case Command::Cause::kHostRestart: return "was sent again after its host restarted";
    case Command::Cause::kControlPlaneRestart:
      return "was sent again after the control plane restarted";
  }
  return "";
}

Host::Host(Core& core, uint32_t index, PagePool& pages, ActorServices& services,
           Callbacks callbacks)
    : core_(core),
      index_(index),
      services_(services),
      callbacks_(std::move(callbacks)),
      connection_(core, pages, index, services.oracle,
                  Connection::Callbacks{[this] { return callbacks_.choose_node(index_); },
                                        [this] { callbacks_.connected(*this); },
                                        [this](const Perturbation& fault) { strike(fault); }}) {
  start_machine(core_, EntityKind::kHost, index_, &machine_);
}

void Host::strike(const Perturbation& perturbation) {
  switch (perturbation.fault) {
    case Fault::kCrashHost: return crash();
    case Fault::kPauseHost: return pause(perturbation.parameter);
    case Fault::kClockJump: machine_.clock_ahead_us += perturbation.parameter; return;
    case Fault::kClockJumpBack: machine_.wall_behind_us += perturbation.parameter; return;
    default: SQUALL_ASSERT(!"a fault that doesn't apply to hosts");
  }
}

void Host::pause(int64_t duration_us) {
  if (!up_) return;
  paused_until_us_ = std::max(paused_until_us_, core_.scheduler.now_us() + duration_us);
  for (const auto& process : processes_) {
    if (!process->ended()) core_.scheduler.freeze(process->process(), paused_until_us_);
  }
  core_.scheduler.after(kSilenceUs, keyed_hash(core_.latency.key(), index_, 0x51), [this] {
    if (up_ && is_paused()) callbacks_.silent(*this);
  });
}

void Host::deliver(const Command& command) {
  if (!up_) return;
  if (is_paused()) {
    core_.scheduler.after(paused_until_us_ - core_.scheduler.now_us(),
                          keyed_hash(core_.latency.key(), index_, command.actor),
                          [this, command] { deliver(command); });
    return;
  }
  core_.trace.line("host {} hears: {} actor {} under start {}", index_,
                   command.kind == Command::Kind::kStart ? "start" : "stop", command.actor,
                   command.start_sequence);
  if (command.kind == Command::Kind::kStart) {
    start(command);
  } else {
    stop(command);
  }
}

void Host::start(const Command& command) {
  Known& known = known_[command.actor];
  if (command.start_sequence < known.started || command.start_sequence <= known.stopped) {
    return core_.probes.hit(WorldProbe::kStartIgnored);
  }
  for (const auto& process : processes_) {
    if (process->actor() != command.actor || process->ended()) continue;
    if (process->owner().start_sequence == command.start_sequence) {
      core_.probes.hit(WorldProbe::kStartReplayed);
      if (services_.oracle) {
        services_.oracle->start_replayed(command.actor, command.start_sequence, index_,
                                         to_string(command.cause));
      }
      process->reassert();
      return;
    }
    process->stop();
  }
  if (known.started != command.start_sequence) known.incarnations = 0;
  known.started = command.start_sequence;
  processes_.push_back(std::make_unique<ActorProcess>(
      services_, *this, connection_, command.actor, command.start_sequence, known.incarnations++));
  processes_.back()->start();
}

void Host::stop(const Command& command) {
  Known& known = known_[command.actor];
  known.stopped = std::max(known.stopped, command.start_sequence);
  bool fits = false;
  for (const auto& process : processes_) {
    if (process->actor() == command.actor && !process->ended() &&
        process->owner().start_sequence <= command.start_sequence) {
      if (!process->opened()) core_.probes.hit(WorldProbe::kStartCancelled);
      fits = true;
      process->stop();
    }
  }
  if (!fits) core_.probes.hit(WorldProbe::kStopIgnored);
}

bool Host::has_open(ActorId actor) const {
  return std::any_of(processes_.begin(), processes_.end(), [&](const auto& process) {
    return process->actor() == actor && process->opened() && !process->ended() &&
           !process->process().dead();
  });
}

bool Host::runs(ActorId actor, uint64_t start_sequence) const {
  return std::any_of(processes_.begin(), processes_.end(), [&](const auto& process) {
    return process->actor() == actor && !process->ended() &&
           process->owner().start_sequence == start_sequence;
  });
}

void Host::crash() {
  if (!up_) return;
  up_ = false;
  core_.trace.line("host {} crashes", index_);
  services_.figures.commits_struck += connection_.commits_in_flight();
  if (connection_.commits_in_flight() > 0) core_.probes.hit(WorldProbe::kHostDiesInCommit);
  // What it knew is gone with it.
  for (auto& [actor, known] : known_) known.stopped = 0;
  paused_until_us_ = 0;
  connection_.set_host_up(false);
  const uint64_t subject = keyed_hash(core_.latency.key(), index_, 0x4057);
  core_.scheduler.after(core_.plan.knobs.restart_ms * 1000, subject, [this] {
    core_.trace.line("host {} is back", index_);
    bury_ended();
    up_ = true;
    start_machine(core_, EntityKind::kHost, index_, &machine_);
    connection_.set_host_up(true);
    callbacks_.restarted(*this);
  });
  kill_all();
}

void Host::kill_all() {
  // A task of one of them may be the one that runs this: its own process goes last.
  Process* own = core_.scheduler.in_task() ? &core_.scheduler.current().process() : nullptr;
  std::vector<ActorProcess*> processes;
  for (const auto& process : processes_) processes.push_back(process.get());
  Process* last = nullptr;
  for (ActorProcess* process : processes) {
    if (&process->process() == own) {
      last = own;
    } else {
      core_.scheduler.kill(process->process());
    }
  }
  if (last) core_.scheduler.kill(*last);
}

void Host::nudge(ActorId actor) {
  for (const auto& process : processes_) {
    if (process->actor() == actor && !process->ended()) process->nudge();
  }
}

void Host::bury_ended() {
  std::erase_if(processes_, [this](const auto& process) {
    if (!process->process().idle()) return false;
    if (!process->ended() && !process->process().dead()) return false;
    services_.client(process->actor()).forget(*process);
    return true;
  });
}

void Host::shut_down() {
  up_ = false;
  connection_.set_host_up(false);
  kill_all();
  processes_.clear();
}

}  // namespace squall::sim
