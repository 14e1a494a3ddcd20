// The control plane: decides which host runs which actor, numbers the starts (its numbers survive everything), and
// tells the hosts by commands that come at least once: acked late, replayed at each reconnect until then.
#pragma once

#include <cstdint>
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
  // What the plan wants done when this transaction begins, and the faults of that moment.
  void transaction_begins(ActorProcess& process, const Entity& entity);
  // An actor's process ended without being told to.
  void process_failed(const ActorProcess& process);
  void host_connected(Host& host);
  void host_restarted(Host& host);

  uint64_t sequence(ActorId actor) const { return actors_.at(actor).sequence; }
  const Host& host_of(ActorId actor) const { return *hosts_[actors_.at(actor).host]; }

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
  void stop_on(uint32_t host, ActorId actor, uint64_t sequence, int64_t delay_us);
  void carry_out(const ControlAction& action);
  void move(ActorId actor, int64_t stop_delay_us);
  void send(uint32_t host, const Command& command, int64_t delay_us);
  void resend(uint32_t host);
  TaskContext context_of(const Command& command);

  Core& core_;
  std::vector<std::unique_ptr<Host>>& hosts_;
  std::map<ActorId, Actor> actors_;
  std::vector<std::vector<Sent>> unacked_;  // by host
  std::vector<bool> action_done_;           // by index in the plan
};

}  // namespace squall::sim
