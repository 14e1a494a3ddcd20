// A host: actor processes that share one connection to an engine node. It can crash with all of
// them, and comes back with none; the control plane then sends its commands again. It can stand
// still with all of them, and goes on as if nothing had happened. It has a clock of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/actor_process.h"
#include "sim/connection.h"
#include "sim/core.h"

namespace squall::sim {

// From the control plane, at least once each.
struct Command {
  enum class Kind : uint8_t { kStart, kStop };
  // Why it comes.
  enum class Cause : uint8_t { kNew, kAgain, kReconnect, kHostRestart, kControlPlaneRestart };
  Kind kind = Kind::kStart;
  ActorId actor = 0;
  uint64_t start_sequence = 0;
  Cause cause = Cause::kNew;
};
std::string_view to_string(Command::Cause cause);

class Host {
 public:
  struct Callbacks {
    std::function<EngineNode*(uint32_t host)> choose_node;
    std::function<void(Host&)> connected;  // the control plane replays what isn't acked
    std::function<void(Host&)> restarted;
    std::function<void(Host&)> silent;  // it has stood still for long
  };
  Host(Core& core, uint32_t index, PagePool& pages, ActorServices& services, Callbacks callbacks);

  uint32_t index() const { return index_; }
  bool is_up() const { return up_; }
  Connection& connection() { return connection_; }

  void deliver(const Command& command);
  // Kills every process at once and restarts after a while. From inside one of its tasks it comes
  // back into a dead process.
  void crash();
  // What was decided at a site of this host: it crashes, stands still, or its clock jumps.
  void strike(const Perturbation& perturbation);
  bool is_paused() const { return paused_until_us_ > core_.scheduler.now_us(); }
  Machine& machine() { return machine_; }
  // Processes that wait for their client look again.
  void nudge(ActorId actor);
  void shut_down();
  // Ended processes go; not from inside one of them.
  void bury_ended();
  bool runs(ActorId actor, uint64_t start_sequence) const;
  // A process of the actor is open here.
  bool has_open(ActorId actor) const;

 private:
  void pause(int64_t duration_us);
  void start(const Command& command);
  void stop(const Command& command);
  void kill_all();

  Core& core_;
  const uint32_t index_;
  ActorServices& services_;
  const Callbacks callbacks_;
  Connection connection_;
  std::vector<std::unique_ptr<ActorProcess>> processes_;  // ended ones stay until buried
  // The newest sequence that each actor was started or stopped under here: what comes late is old
  // news.
  struct Known {
    uint64_t started = 0;
    uint64_t stopped = 0;
    uint32_t incarnations = 0;  // of `started`; survives a crash only here, in the world's own book
  };
  std::map<ActorId, Known> known_;
  bool up_ = true;
  int64_t paused_until_us_ = 0;
  Machine machine_;
};

}  // namespace squall::sim
