// A host's one connection to an engine node. FIFO both ways, so a slow message holds up those
// behind it. It can drop with requests or replies in flight: what was sent is never sent again and
// its callers wait for their time-out; what was not yet sent goes out after the reconnect. A node
// that stays silent over a request's time-out, because the link is cut or its machine stands still,
// is given up: the connection drops.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/transport.h"
#include "sim/core.h"
#include "sim/message.h"

namespace squall::sim {

class EngineNode;
class NodeSession;
class Oracle;

class Connection {
 public:
  // connect(): the node to connect to now, or null when none is up. reconnected(): after each
  // connect.
  struct Callbacks {
    std::function<EngineNode*()> choose_node;
    std::function<void()> connected;
    std::function<void(const Perturbation&)> strike_host;
  };
  // oracle: null: no checks.
  Connection(Core& core, PagePool& pages, uint32_t host, Oracle* oracle, Callbacks callbacks);

  // Inside a task of the host: sends and waits for the reply.
  tl::expected<Reply, TransportError> call(Request request, const Entity& entity);
  void post(Request request, const Entity& entity);

  // Begins to connect; does nothing when it is up.
  void connect();
  // Loses all that is in flight, and connects again after a while (unless the host is down).
  void drop();
  void set_host_up(bool up);
  bool is_up() const { return session_ != nullptr; }
  const EngineNode* node() const { return node_; }
  // Commit or finalize requests that wait for their reply: all, or of one actor.
  size_t commits_in_flight() const;
  bool commit_in_flight(ActorId actor) const;

  // From the node's session: the reply travels back, unless the connection is another by now.
  void send_reply(MessagePtr message);
  // The node has no room for the request.
  void answer_overloaded(MessagePtr message);
  // The node at the other end is gone.
  void node_died(const EngineNode& node);

 private:
  struct Call {
    uint64_t id;
    ActorId actor;
    bool commits;
    int64_t deadline_us;
    WaitHandle waiter;
    std::optional<Reply> reply;
  };

  // Keeps a call known exactly as long as its frame lives: a killed task may unwind out of its
  // wait.
  class Registration {
   public:
    Registration(std::vector<Call*>& calls, Call* call) : calls_(calls), call_(call) {
      calls_.push_back(call_);
    }
    ~Registration() { std::erase(calls_, call_); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    std::vector<Call*>& calls_;
    Call* call_;
  };

  void submit(MessagePtr message);
  void send(MessagePtr message);
  // What a fault does to a message on its way; false: it is lost.
  bool strike_request(const Perturbation& fault, Message& message, int64_t* delay_us);
  bool strike_reply(const Perturbation& fault, int64_t* delay_us);
  void strike_link(const Perturbation& fault, Links::Way way);
  void send_back(MessagePtr message, int64_t delay_us, uint64_t subject);
  void deliver_request(MessagePtr message);
  void deliver_reply(MessagePtr message);
  void finish_connect();
  // Encodes the message and puts what is decoded in its place.
  void through_codec(Message& message, bool is_request);
  std::string recode(Message& message, bool is_request);
  void arm_timeout_check();
  void check_timeouts();
  bool node_is_silent() const;

  Core& core_;
  PagePool& pages_;
  const uint32_t host_;
  Oracle* const oracle_;
  const Callbacks callbacks_;
  EngineNode* node_ = nullptr;
  NodeSession* session_ = nullptr;  // owned by the node
  uint64_t epoch_ = 0;              // rises at each drop
  bool host_up_ = true;
  bool connecting_ = false;
  bool timeout_armed_ = false;
  uint64_t connects_ = 0;
  uint64_t next_call_ = 0;
  int64_t last_request_us_ = 0;  // arrival of the newest message each way: FIFO
  int64_t last_reply_us_ = 0;
  std::vector<MessagePtr> unsent_;
  std::vector<Call*> calls_;  // on their tasks' stacks
  std::string wire_;          // of the message codec, kept for its memory
  std::string again_;         // the same of what was decoded
};

}  // namespace squall::sim
