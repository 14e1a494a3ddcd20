// The control plane: decides which host runs which actor, numbers the starts (its numbers survive
// everything), and tells the hosts by commands that come at least once: acked late, replayed at
// each reconnect until then.
//
// It can stand still: what it should do comes late. It can crash: what it had not sent is gone, and
// so is its book of unacked commands; back, it tells every host what to run, by the numbers that it
// kept.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "sim/core.h"
#include "sim/host.h"

namespace squall::sim {

class ControlPlane {
 public:
  ControlPlane(Core& core, std::vector<std::unique_ptr<Host>>& hosts);

  // The actor's first start.
  void place(ActorId actor);
  // What the plan wants done when this transaction begins.
  void transaction_begins(const Entity& entity);
  // Starts the actor elsewhere without telling the host that runs it.
  void take_elsewhere(ActorId actor);
  // An actor's process ended without being told to.
  void process_failed(const ActorProcess& process);
  void host_connected(Host& host);
  void host_restarted(Host& host);
  // Its actors are started elsewhere, if there is an elsewhere.
  void host_silent(const Host& host);
  // It crashes or stands still.
  void strike(const Perturbation& perturbation);

  uint64_t sequence(ActorId actor) const { return actors_.at(actor).sequence; }

 private:
  struct Actor {
    uint64_t sequence = 0;
    uint32_t host = 0;
    uint32_t failures = 0;
  };
  struct Sent {
    Command command;
    int64_t sent_us;
  };

  void start_on(ActorId actor, uint32_t host, int64_t delay_us);
  void start_amiss(const Perturbation& fault, const Command& command, uint32_t host,
                   int64_t delay_us);
  void stop_on(uint32_t host, ActorId actor, uint64_t sequence, int64_t delay_us);
  void stop_amiss(const Perturbation& fault, const Command& command, uint32_t host,
                  int64_t delay_us);
  void carry_out(const ControlAction& action);
  void move(ActorId actor, int64_t stop_delay_us);
  void send(uint32_t host, const Command& command, int64_t delay_us);
  void travel(uint32_t host, const Command& command, int64_t delay_us);
  void send_again(uint32_t host, ActorId actor, Command::Cause cause);
  void crash();
  uint32_t host_after(uint32_t host) const {
    return static_cast<uint32_t>((host + 1) % hosts_.size());
  }
  TaskContext context_of(const Command& command);
  // Does it now, or when the plane is back at work.
  void at_work(uint64_t subject, std::function<void()> what);
  // The same after a delay; a crash meanwhile forgets it.
  void later(int64_t delay_us, uint64_t subject, std::function<void()> what);

  Core& core_;
  std::vector<std::unique_ptr<Host>>& hosts_;
  std::map<ActorId, Actor> actors_;
  std::vector<std::vector<Sent>> unacked_;  // by host
  std::vector<bool> action_done_;           // by index in the plan
  int64_t away_until_us_ = 0;
  uint64_t crashes_ = 0;
  bool is_down_ = false;  // away by a crash
};

}  // namespace squall::sim
