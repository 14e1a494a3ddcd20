#include "sim/actor_process.h"

#include <fmt/format.h>

#include <utility>

#include "sim/host.h"
#include "vfs/session.h"

namespace squall::sim {

namespace {

Entity start_entity(ActorId actor, uint64_t start_sequence, uint32_t incarnation) {
  Entity entity;
  entity.kind = EntityKind::kStart;
  entity.actor = actor;
  entity.subject = start_sequence;
  entity.run = static_cast<uint16_t>(incarnation);
  return entity;
}

}  // namespace

ActorProcess::ActorProcess(ActorServices& services, Host& host, Connection& connection,
                           ActorId actor, uint64_t start_sequence, uint32_t incarnation)
    : services_(services),
      host_(host),
      client_(services.client(actor)),
      actor_(actor),
      owner_{start_sequence, 0},
      start_entity_(start_entity(actor, start_sequence, incarnation)),
      process_(fmt::format("actor {} start {}", actor, start_sequence)),
      runtime_(services.core, process_, host.machine(),
               [this](const Perturbation& fault) { host_.strike(fault); }),
      transport_(services.core, connection, services.figures),
      reassert_transport_(services.core, connection, services.figures) {}

void ActorProcess::start() {
  services_.core.scheduler.spawn(process_, DeathMode::kReturn, start_entity_, [this] { run(); });
}

void ActorProcess::stop() {
  stopping_ = true;
  nudge();
}

void ActorProcess::nudge() {
  if (waiting_) services_.core.scheduler.wake(waiter_, WaitStatus::kSignalled);
}

void ActorProcess::reassert() {
  if (!opened_ || ended_ || process_.dead()) return;
  Entity entity = start_entity_;
  entity.run = static_cast<uint16_t>(0x8000 + replays_++);
  services_.core.scheduler.spawn(process_, DeathMode::kUnwind, entity, [this] {
    Request request;
    request.actor = actor_;
    request.body = TakeoverRequest{owner_, {}, {}, 0};
    // A replay changes nothing, so the answer is nobody's business.
    static_cast<void>(reassert_transport_.call(std::move(request)));
  });
}

void ActorProcess::run() {
  while (run_session() == Next::kReopen && !process_.dead()) {
  }
  ended_ = true;
  if (!process_.dead()) services_.ended(*this, !stopping_);
}

ActorProcess::Next ActorProcess::run_session() {
  owner_.nonce = runtime_.random() | 1;  // never 0
  ++sessions_;
  if (services_.oracle) services_.oracle->expect_session(actor_, owner_);
  SessionEnvironment environment;
  environment.oracle = services_.oracle;
  environment.actor = actor_;
  environment.owner = owner_;
  environment.knobs = &services_.core.plan.knobs;
  environment.workload = &services_.core.plan.workload;
  environment.transport = &transport_;
  environment.runtime = &runtime_;
  environment.pool = &services_.pages;
  // Every other start knows pages that it will want.
  if (owner_.start_sequence % 2 == 0) environment.hints.ranges.push_back({2, 6});
  environment.hints.max_bytes = static_cast<uint32_t>(services_.core.plan.knobs.preload_bytes);
  environment.process_dead = [this] { return process_.dead(); };
  environment.allocation_to_fail = [this] { return allocation_to_fail(); };

  Next next = Next::kEnd;
  {
    Session session(std::move(environment));
    const Session::Opened opened = session.open();
    if (opened == Session::Opened::kFailed) services_.core.probes.hit(WorldProbe::kStartFails);
    if (opened == Session::Opened::kReady && !process_.dead()) {
      opened_ = true;
      services_.core.trace.line("actor {} is open on host {} under start {}", actor_, host_.index(),
                                owner_.start_sequence);
      services_.ready(*this);
      next = serve(session);
    }
  }
  if (services_.oracle) services_.oracle->process_ended(actor_, owner_);
  return next;
}

uint64_t ActorProcess::allocation_to_fail() {
  Core& core = services_.core;
  const auto fault =
      core.decisions.ask(site_id(WorldSite::kStatementBegin), core.scheduler.context());
  if (!fault) return 0;
  trace_fault(core, *fault);
  return static_cast<uint64_t>(fault->parameter);
}

bool ActorProcess::take_work() {
  Scheduler& scheduler = services_.core.scheduler;
  while (!stopping_ && !process_.dead()) {
    work_ = client_.next(*this, services_.core.decisions.faults_ended(),
                         services_.core.plan.knobs.zombie_transactions);
    if (work_.over) return false;
    if (work_.transaction) return true;
    waiter_ = scheduler.prepare_wait();
    waiting_ = true;
    scheduler.wait(-1);
    waiting_ = false;
  }
  return false;
}

ActorProcess::Next ActorProcess::serve(Session& session) {
  Scheduler& scheduler = services_.core.scheduler;
  bool fresh = true;
  while (session.usable()) {
    const bool reopened = work_.transaction != nullptr;
    if (!reopened && !take_work()) return Next::kEnd;
    const Transaction& transaction = *work_.transaction;
    if (transaction.close_before && !reopened && !fresh) return Next::kReopen;
    fresh = false;
    const Entity entity = std::exchange(work_, {}).entity;
    scheduler.context().set(entity);
    if (transaction.think_us > 0) scheduler.wait(transaction.think_us);
    if (process_.dead()) return Next::kEnd;
    services_.transaction_begins(*this, entity);
    if (process_.dead()) return Next::kEnd;
    services_.core.trace.line("{}: begins on host {}", entity, host_.index());
    const Session::Outcome outcome = session.run(transaction, entity.hash());
    if (process_.dead() || outcome == Session::Outcome::kDead) return Next::kEnd;
    services_.core.trace.note(entity.subject, static_cast<uint64_t>(outcome));
    services_.core.trace.line("{}: ends: {}", entity, Session::to_string(outcome));
    client_.finished(*this, outcome);
    if (transaction.leave_open) return Next::kReopen;
  }
  return Next::kEnd;
}

}  // namespace squall::sim
