// One process of an actor on a host: takes the actor over, opens its database and serves its client
// until it is stopped, killed, or its file is dead.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/actor_transport.h"
#include "sim/client.h"
#include "sim/core.h"
#include "sim/oracle/oracle.h"
#include "sim/process_runtime.h"

namespace squall::sim {

class Host;

// What every actor process shares with the world.
struct ActorServices {
  Core& core;
  PagePool& pages;
  Oracle* oracle;  // null: no checks
  WorldFigures& figures;
  std::function<Client&(ActorId)> client;
  // Before a transaction begins: what the control plane does about it, and the faults of that site.
  std::function<void(ActorProcess&, const Entity&)> transaction_begins;
  std::function<void(ActorProcess&)> ready;
  // The process ended by itself; wanted: it was not told to.
  std::function<void(ActorProcess&, bool wanted)> ended;
};

class ActorProcess {
 public:
  ActorProcess(ActorServices& services, Host& host, Connection& connection, ActorId actor,
               uint64_t start_sequence, uint32_t incarnation);

  void start();
  // Asks it to close after the transaction that it runs.
  void stop();
  // A replay of the command that started it: it asserts its ownership again.
  void reassert();
  // Something changed that it may wait for.
  void nudge();

  ActorId actor() const { return actor_; }
  Host& host() { return host_; }
  Owner owner() const { return owner_; }
  Process& process() { return process_; }
  bool ended() const { return ended_; }
  bool opened() const { return opened_; }

  // Of a process that its client has left (client.h).
  size_t zombie_cursor = 0;
  int64_t zombie_count = 0;

 private:
  enum class Next : uint8_t { kReopen, kEnd };
  void run();
  Next run_session();
  // Of the statement at hand; 0: none.
  uint64_t allocation_to_fail();
  Next serve(Session& session);
  // False: the process is to end.
  bool take_work();

  ActorServices& services_;
  Host& host_;
  Client& client_;
  const ActorId actor_;
  Owner owner_;
  const Entity start_entity_;
  Process process_;
  ProcessRuntime runtime_;
  ActorTransport transport_;
  ActorTransport reassert_transport_;
  WaitHandle waiter_;
  uint32_t sessions_ = 0;
  uint16_t replays_ = 0;
  Client::Work work_;  // handed out; kept over a reopening that comes before it
  bool waiting_ = false;
  bool stopping_ = false;
  bool opened_ = false;
  bool ended_ = false;
};

}  // namespace squall::sim
