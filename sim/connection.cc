#include "sim/connection.h"

#include <algorithm>
#include <utility>

#include "engine/assert.h"
#include "engine/message_codec.h"
#include "sim/engine_node.h"
#include "sim/oracle/message_codec.h"
#include "sim/oracle/oracle.h"

namespace squall::sim {

namespace {

constexpr int64_t kReconnectUs = 20'000;

bool commits(const Request& request) {
  return std::holds_alternative<CommitRequest>(request.body) ||
         std::holds_alternative<FinalizeRequest>(request.body);
}

}  // namespace

Connection::Connection(Core& core, PagePool& pages, uint32_t host, Oracle* oracle,
                       Callbacks callbacks)
    : core_(core), pages_(pages), host_(host), oracle_(oracle), callbacks_(std::move(callbacks)) {}

tl::expected<Reply, TransportError> Connection::call(Request request, const Entity& entity) {
  const int64_t timeout_us = core_.plan.knobs.request_timeout_ms * 1000;
  Call call{++next_call_, request.actor, commits(request), core_.scheduler.now_us() + timeout_us,
            WaitHandle{}, std::nullopt};
  auto message = std::make_unique<Message>();
  message->request = std::move(request);
  message->entity = entity;
  message->call = call.id;
  message->host = host_;
  const Registration registered(calls_, &call);
  arm_timeout_check();
  // A crash that strikes while sending comes back here, into a dead process.
  submit(std::move(message));
  call.waiter = core_.scheduler.prepare_wait();
  const WaitStatus status = core_.scheduler.wait(-1);
  if (status == WaitStatus::kProcessDead) return tl::unexpected(TransportError::kProcessDead);
  if (!call.reply) return tl::unexpected(TransportError::kUnknown);
  return std::move(*call.reply);
}

void Connection::post(Request request, const Entity& entity) {
  auto message = std::make_unique<Message>();
  message->request = std::move(request);
  message->entity = entity;
  message->host = host_;
  submit(std::move(message));
}

void Connection::submit(MessagePtr message) {
  if (session_ == nullptr) {
    // Beyond the bound the request is lost: its caller hears of it by the time-out.
    if (unsent_.size() >= static_cast<size_t>(core_.plan.knobs.queue_requests)) return connect();
    unsent_.push_back(std::move(message));
    connect();
    return;
  }
  send(std::move(message));
}

void Connection::send(MessagePtr message) {
  TaskContext context(message->entity);
  int64_t delay_us = core_.latency.message_us(host_, node_->index(), context);
  if (core_.planted_latency_us) delay_us += core_.planted_latency_us();
  message->connection_epoch = epoch_;
  if (const auto fault = core_.decisions.ask(site_id(WorldSite::kSendRequest), context)) {
    trace_fault(core_, *fault);
    if (!strike_request(*fault, *message, &delay_us)) return;
  }
  const int64_t now_us = core_.scheduler.now_us();
  delay_us = core_.links.delay_us(host_, node_->index(), Links::Way::kToNode, now_us, delay_us);
  if (core_.plan.knobs.message_codec != 0) through_codec(*message, true);
  last_request_us_ = std::max(last_request_us_ + 1, now_us + delay_us);
  core_.scheduler.after(
      last_request_us_ - now_us, context.entity_hash(),
      [this, sent = std::move(message)]() mutable { deliver_request(std::move(sent)); });
}

bool Connection::strike_request(const Perturbation& fault, Message& message, int64_t* delay_us) {
  switch (fault.fault) {
    case Fault::kSlowMessage: *delay_us += fault.parameter; return true;
    case Fault::kFullQueue: message.meets_full_queue = true; return true;
    case Fault::kLoseRequest: drop(); return false;
    case Fault::kCrashHost: callbacks_.strike_host(fault); return false;
    case Fault::kPauseHost: callbacks_.strike_host(fault); return true;
    default: strike_link(fault, Links::Way::kToNode); return true;
  }
}

bool Connection::strike_reply(const Perturbation& fault, int64_t* delay_us) {
  switch (fault.fault) {
    case Fault::kSlowMessage: *delay_us += fault.parameter; return true;
    case Fault::kLoseReply: drop(); return false;
    case Fault::kCrashNode: node_->crash(); return false;  // doesn't return: this is its task
    default: strike_link(fault, Links::Way::kToHost); return true;
  }
}

void Connection::strike_link(const Perturbation& fault, Links::Way way) {
  const uint32_t node = node_->index();
  const int64_t until_us = core_.scheduler.now_us() + fault.parameter;
  switch (fault.fault) {
    case Fault::kSlowLink: core_.links.slow_down(host_, node, until_us); break;
    case Fault::kPartitionOneWay: core_.links.cut(host_, node, way, until_us); break;
    case Fault::kPartition:
      core_.links.cut(host_, node, Links::Way::kToNode, until_us);
      core_.links.cut(host_, node, Links::Way::kToHost, until_us);
      break;
    default: SQUALL_ASSERT(!"a fault that doesn't apply to messages");
  }
}

void Connection::deliver_request(MessagePtr message) {
  if (message->connection_epoch != epoch_ || session_ == nullptr) return;
  session_->accept(std::move(message));
}

void Connection::send_reply(MessagePtr message) {
  if (message->connection_epoch != epoch_ || session_ == nullptr) return;
  TaskContext& context = core_.scheduler.context();
  int64_t delay_us = core_.latency.message_us(host_, node_->index(), context);
  if (const auto fault = core_.decisions.ask(site_id(WorldSite::kSendReply), context)) {
    trace_fault(core_, *fault);
    if (!strike_reply(*fault, &delay_us)) return;
  }
  if (message->call == 0) return;
  if (core_.plan.knobs.message_codec != 0) through_codec(*message, false);
  send_back(std::move(message), delay_us, context.entity_hash());
}

void Connection::answer_overloaded(MessagePtr message) {
  core_.trace.line("{}: node {} has no room for it", message->entity, node_->index());
  if (message->call == 0) return;
  message->reply = Reply{{}, Error{ErrorCode::kUnavailable, "the node is overloaded"}};
  TaskContext context(message->entity);
  const int64_t delay_us = core_.latency.message_us(host_, node_->index(), context);
  send_back(std::move(message), delay_us, context.entity_hash());
}

void Connection::send_back(MessagePtr message, int64_t delay_us, uint64_t subject) {
  const int64_t now_us = core_.scheduler.now_us();
  delay_us = core_.links.delay_us(host_, node_->index(), Links::Way::kToHost, now_us, delay_us);
  last_reply_us_ = std::max(last_reply_us_ + 1, now_us + delay_us);
  core_.scheduler.after(
      last_reply_us_ - now_us, subject,
      [this, sent = std::move(message)]() mutable { deliver_reply(std::move(sent)); });
}

void Connection::deliver_reply(MessagePtr message) {
  if (message->connection_epoch != epoch_) return;
  for (Call* call : calls_) {
    if (call->id != message->call) continue;
    if (call->reply) return;
    call->reply = std::move(message->reply);
    core_.scheduler.wake(call->waiter, WaitStatus::kSignalled);
    return;
  }
}

void Connection::through_codec(Message& message, bool is_request) {
  wire_.clear();
  again_.clear();
  const std::string problem = recode(message, is_request);
  if (oracle_ != nullptr) oracle_->message_coded(wire_, again_, problem);
}

// What could not be decoded stays as it is: the oracle has ended the run.
std::string Connection::recode(Message& message, bool is_request) {
  if (is_request) {
    encode_request(message.request, &wire_);
    auto decoded = decode_request(wire_, pages_);
    if (!decoded) return decoded.error().message;
    if (!same_message(message.request, *decoded)) return "it became another request";
    message.request = std::move(*decoded);
    encode_request(message.request, &again_);
  } else {
    encode_reply(message.reply, &wire_);
    auto decoded = decode_reply(wire_, pages_);
    if (!decoded) return decoded.error().message;
    if (!same_message(message.reply, *decoded)) return "it became another reply";
    message.reply = std::move(*decoded);
    encode_reply(message.reply, &again_);
  }
  return {};
}

void Connection::connect() {
  if (!host_up_ || connecting_ || session_ != nullptr) return;
  connecting_ = true;
  const uint64_t subject = keyed_hash(core_.latency.key(), host_, ++connects_);
  const int64_t delay_us =
      connects_ == 1 ? 0 : kReconnectUs + static_cast<int64_t>(below(subject, kReconnectUs));
  core_.scheduler.after(delay_us, subject, [this] { finish_connect(); });
}

void Connection::finish_connect() {
  connecting_ = false;
  if (!host_up_ || session_ != nullptr) return;
  EngineNode* node = callbacks_.choose_node();
  if (node == nullptr) {
    connect();
    return;
  }
  node_ = node;
  session_ = node->open_session(*this);
  last_request_us_ = last_reply_us_ = core_.scheduler.now_us();
  core_.trace.line("host {} connects to node {}", host_, node->index());
  std::vector<MessagePtr> unsent = std::exchange(unsent_, {});
  if (!unsent.empty()) core_.probes.hit(WorldProbe::kUnsentGoesOut);
  for (MessagePtr& message : unsent) {
    if (session_ == nullptr) {
      unsent_.push_back(std::move(message));
    } else {
      send(std::move(message));
    }
  }
  if (session_ != nullptr) callbacks_.connected();
}

void Connection::drop() {
  if (session_ == nullptr) return;
  core_.trace.line("host {} loses its connection to node {}", host_, node_->index());
  if (!calls_.empty()) core_.probes.hit(WorldProbe::kDropMeetsCalls);
  ++epoch_;
  session_->close();
  session_ = nullptr;
  node_ = nullptr;
  connect();
}

void Connection::set_host_up(bool up) {
  host_up_ = up;
  if (up) {
    connect();
  } else {
    unsent_.clear();
    drop();
  }
}

void Connection::node_died(const EngineNode& node) {
  if (node_ == &node) drop();
}

size_t Connection::commits_in_flight() const {
  return static_cast<size_t>(
      std::count_if(calls_.begin(), calls_.end(), [](const Call* call) { return call->commits; }));
}

bool Connection::commit_in_flight(ActorId actor) const {
  return std::any_of(calls_.begin(), calls_.end(),
                     [actor](const Call* call) { return call->commits && call->actor == actor; });
}

void Connection::arm_timeout_check() {
  if (timeout_armed_) return;
  timeout_armed_ = true;
  const int64_t interval_us = core_.plan.knobs.request_timeout_ms * 1000 / 2;
  core_.scheduler.after(interval_us, keyed_hash(core_.latency.key(), host_),
                        [this] { check_timeouts(); });
}

void Connection::check_timeouts() {
  timeout_armed_ = false;
  bool timed_out = false;
  for (Call* call : calls_) {
    if (!call->reply && call->deadline_us <= core_.scheduler.now_us()) {
      core_.probes.hit(WorldProbe::kRequestTimesOut);
      timed_out = true;
      core_.scheduler.wake(call->waiter, WaitStatus::kTimedOut);
    }
  }
  if (!calls_.empty()) arm_timeout_check();
  if (timed_out && node_is_silent()) drop();
}

bool Connection::node_is_silent() const {
  return session_ != nullptr &&
         (node_->is_paused() ||
          core_.links.is_cut(host_, node_->index(), core_.scheduler.now_us()));
}

}  // namespace squall::sim
