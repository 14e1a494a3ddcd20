// An engine node: one Engine on the shared store, with a session task for each host's connection.
// It can crash with everything in memory, and comes back empty; it can stand still and go on. It
// has a clock of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "engine/engine.h"
#include "sim/core.h"
#include "sim/message.h"
#include "sim/process_runtime.h"

namespace squall::sim {

class Connection;
class EngineNode;
class Oracle;

// Serves one connection: one message at a time, in order; what finds its queue full is answered
// "overloaded". Lives on after the connection is gone until all that had arrived is served.
class NodeSession {
 public:
  NodeSession(Core& core, EngineNode& node, Connection& connection);
  void accept(MessagePtr message);
  void close();
  bool finished() const { return finished_; }
  void run();  // the task's body

 private:
  Core& core_;
  EngineNode& node_;
  Connection& connection_;
  std::deque<MessagePtr> inbox_;
  WaitHandle waiter_;
  bool waiting_ = false;
  bool closed_ = false;
  bool finished_ = false;
};

class EngineNode {
 public:
  struct Callbacks {
    std::function<void(EngineNode&)> crashed;  // before its tasks die: connections drop
  };
  // oracle: null: no checks.
  EngineNode(Core& core, uint32_t index, Database& database, PagePool& pages,
             const EngineOptions& options, Oracle* oracle, Callbacks callbacks);
  ~EngineNode();

  uint32_t index() const { return index_; }
  bool is_up() const { return up_; }
  // Its machine is stopped.
  bool is_paused() const { return paused_until_us_ > core_.scheduler.now_us(); }
  bool owns(const Process& process) const { return process_.get() == &process; }
  Engine& engine() { return *engine_; }
  // Serves one request, and lets the oracle look at what the node holds then.
  Reply serve(const Request& request);
  // Lets the oracle look at what the request that was just served took of the store.
  void check_served(const Message& message) const;
  // Whether it closes the connection that the message came over, now that it is answered.
  bool ends_connection(const Message& message);
  // Nothing goes on here; the oracle looks at what is still held. Only while it is up.
  void check_idle();
  Core& core() { return core_; }

  void start();
  // Dies at once and restarts after a while. Doesn't return into a task of its own.
  void crash();
  // What was decided at a site of this node: it crashes, stands still, or its clock jumps.
  void strike(const Perturbation& perturbation);
  // For good, at the end of a run.
  void shut_down();

  NodeSession* open_session(Connection& connection);
  // Someone asks who is no actor's process; done() hears the answer from a task of this node:
  // never, if the node dies before. number tells his requests apart.
  void ask(Request request, uint64_t number,
           std::function<void(const Request&, const Reply&)> done);
  // An operator sets an actor's quota; calls done() from a task of this node once it is set: never,
  // if it fails.
  void set_quota(ActorId actor, uint64_t storage_max, std::function<void()> done);

 private:
  void bury();

  Core& core_;
  const uint32_t index_;
  Database& database_;
  PagePool& pages_;
  const EngineOptions options_;
  Oracle* const oracle_;
  const Callbacks callbacks_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<ProcessRuntime> runtime_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::unique_ptr<NodeSession>> sessions_;
  bool up_ = false;
  size_t requests_ = 0;       // being served since the start
  size_t peak_requests_ = 0;  // at once
  int64_t paused_until_us_ = 0;
  Machine machine_;
};

}  // namespace squall::sim
