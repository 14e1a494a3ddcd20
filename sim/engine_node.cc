#include "sim/engine_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/assert.h"
#include "sim/connection.h"
#include "sim/oracle/actor_isolation.h"
#include "sim/oracle/oracle.h"

namespace squall::sim {

NodeSession::NodeSession(Core& core, EngineNode& node, Connection& connection)
    : core_(core), node_(node), connection_(connection) {}

void NodeSession::accept(MessagePtr message) {
  const auto bound = static_cast<size_t>(core_.plan.knobs.queue_requests);
  if (message->meets_full_queue || inbox_.size() >= bound) {
    return connection_.answer_overloaded(std::move(message));
  }
  inbox_.push_back(std::move(message));
  if (waiting_) core_.scheduler.wake(waiter_, WaitStatus::kSignalled);
}

void NodeSession::close() {
  closed_ = true;
  if (waiting_) core_.scheduler.wake(waiter_, WaitStatus::kSignalled);
}

void NodeSession::run() {
  while (true) {
    while (inbox_.empty()) {
      if (closed_) {
        finished_ = true;
        return;
      }
      waiter_ = core_.scheduler.prepare_wait();
      waiting_ = true;
      core_.scheduler.wait(-1);
      waiting_ = false;
    }
    MessagePtr message = std::move(inbox_.front());
    inbox_.pop_front();
    core_.scheduler.context().set(message->entity);
    core_.trace.line("{}: node {} serves it", message->entity, node_.index());
    message->reply = node_.serve(message->request);
    node_.check_served(*message);
    core_.trace.note(message->reply.head.head_txid, message->reply.body.index());
    if (const Error* error = std::get_if<Error>(&message->reply.body)) {
      core_.trace.line("{}: answered {}: {}", message->entity, squall::to_string(error->code),
                       error->message);
    }
    const bool ends = node_.ends_connection(*message);
    connection_.send_reply(std::move(message));
    if (ends && !closed_) connection_.drop();
  }
}

namespace {

Operation operation_of(const Request& request) {
  constexpr std::array kOperations = {Operation::kTakeover, Operation::kRead,
                                      Operation::kCommit,   Operation::kStage,
                                      Operation::kStage,    Operation::kFinalize};
  static_assert(kOperations.size() == std::variant_size_v<decltype(Request::body)>);
  return kOperations[request.body.index()];
}

}  // namespace

EngineNode::EngineNode(Core& core, uint32_t index, Database& database, PagePool& pages,
                       const EngineOptions& options, Oracle* oracle, Callbacks callbacks)
    : core_(core),
      index_(index),
      database_(database),
      pages_(pages),
      options_(options),
      oracle_(oracle),
      callbacks_(std::move(callbacks)) {}

EngineNode::~EngineNode() { SQUALL_ASSERT(engine_ == nullptr); }

void EngineNode::start() {
  SQUALL_ASSERT(!up_);
  up_ = true;
  process_ = std::make_unique<Process>(fmt::format("node {}", index_));
  start_machine(core_, EntityKind::kNode, index_, &machine_);
  runtime_ = std::make_unique<ProcessRuntime>(core_, *process_, machine_,
                                              [this](const Perturbation& fault) { strike(fault); });
  engine_ = std::make_unique<Engine>(options_, database_, *runtime_, pages_);
  engine_->start();
  requests_ = peak_requests_ = 0;
}

Reply EngineNode::serve(const Request& request) {
  peak_requests_ = std::max(peak_requests_, ++requests_);
  const Operation operation = operation_of(request);
  const UnderwayMark mark(core_.probes, request.actor, operation);
  if (operation == Operation::kCommit) core_.probes.served(request.actor, index_);
  // A request that dies with its node leaves the count to the next start.
  Reply reply = engine_->handle(request);
  --requests_;
  if (oracle_ != nullptr) oracle_->node_answered(index_, engine_->memory_use(), peak_requests_);
  return reply;
}

void EngineNode::check_served(const Message& message) const {
  const Operation operation = operation_of(message.request);
  if (oracle_ == nullptr || operation == Operation::kTakeover || operation == Operation::kRead)
    return;
  const TaskContext& context = core_.scheduler.context();
  const Error* error = std::get_if<Error>(&message.reply.body);
  oracle_->node_served({message.request.actor,
                        error != nullptr && error->code == ErrorCode::kUnavailable,
                        context.passed(site_id(WorldSite::kStoreRead)),
                        context.passed(site_id(WorldSite::kStoreCommit)), context.struck()});
}

bool EngineNode::ends_connection(const Message& message) {
  const bool ends = Engine::ends_connection(message.reply);
  const bool failed = std::holds_alternative<Error>(message.reply.body);
  if (failed && oracle_ != nullptr) oracle_->node_refused(message.request.actor, ends);
  return ends;
}

void EngineNode::check_idle() {
  if (oracle_ == nullptr || requests_ > 0 || !engine_->compaction_idle()) return;
  oracle_->node_idle(index_, *engine_);
}

void EngineNode::strike(const Perturbation& perturbation) {
  switch (perturbation.fault) {
    case Fault::kCrashNode: return crash();
    case Fault::kClockJump: machine_.clock_ahead_us += perturbation.parameter; return;
    case Fault::kClockJumpBack: machine_.wall_behind_us += perturbation.parameter; return;
    case Fault::kPauseNode:
      paused_until_us_ =
          std::max(paused_until_us_, core_.scheduler.now_us() + perturbation.parameter);
      core_.scheduler.freeze(*process_, paused_until_us_);
      return;
    default: SQUALL_ASSERT(!"a fault that doesn't apply to nodes");
  }
}

void EngineNode::crash() {
  if (!up_) return;
  up_ = false;
  paused_until_us_ = 0;
  core_.trace.line("node {} crashes", index_);
  callbacks_.crashed(*this);
  const int64_t restart_us = core_.plan.knobs.restart_ms * 1000;
  const uint64_t subject = keyed_hash(core_.latency.key(), index_, 0x4E);
  // Its memory goes only when its tasks have unwound out of it.
  core_.scheduler.after(0, subject, [this, restart_us, subject] {
    bury();
    core_.scheduler.after(restart_us, subject, [this] {
      core_.trace.line("node {} is back", index_);
      start();
    });
  });
  core_.scheduler.kill(*process_);
}

void EngineNode::bury() {
  SQUALL_ASSERT(process_->idle());
  sessions_.clear();
  engine_.reset();
  runtime_.reset();
  process_.reset();
}

void EngineNode::shut_down() {
  if (process_ == nullptr) return;
  up_ = false;
  core_.scheduler.kill(*process_);
  bury();
}

NodeSession* EngineNode::open_session(Connection& connection) {
  SQUALL_ASSERT(up_);
  std::erase_if(sessions_, [](const auto& session) { return session->finished(); });
  sessions_.push_back(std::make_unique<NodeSession>(core_, *this, connection));
  NodeSession* session = sessions_.back().get();
  Entity entity;
  entity.kind = EntityKind::kNode;
  entity.subject = index_;
  core_.scheduler.spawn(*process_, DeathMode::kUnwind, entity, [session] { session->run(); });
  return session;
}

void EngineNode::ask(Request request, uint64_t number,
                     std::function<void(const Request&, const Reply&)> done) {
  SQUALL_ASSERT(up_);
  constexpr uint64_t kFirstSubject = UINT64_C(1) << 32;  // the tenant's own transactions lie below
  Entity entity;
  entity.kind = EntityKind::kTenant;
  entity.subject = kFirstSubject + number;
  core_.scheduler.spawn(*process_, DeathMode::kUnwind, entity,
                        [this, request = std::move(request), done = std::move(done)] {
                          done(request, serve(request));
                        });
}

void EngineNode::set_quota(ActorId actor, uint64_t storage_max, std::function<void()> done) {
  SQUALL_ASSERT(up_);
  Entity entity;
  entity.kind = EntityKind::kNode;
  entity.actor = actor;
  entity.subject = index_;
  core_.scheduler.spawn(
      *process_, DeathMode::kUnwind, entity, [this, actor, storage_max, done = std::move(done)] {
        const auto set = engine_->set_storage_max(actor, storage_max);
        core_.trace.line("node {}: quota of actor {} {}", index_, actor, set ? "set" : "not set");
        if (set) done();
      });
}

}  // namespace squall::sim
