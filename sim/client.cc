#include "sim/client.h"

#include "engine/assert.h"
#include "sim/actor_process.h"

namespace squall::sim {

Client::Client(const ActorScript& script, ScriptProgress& progress)
    : script_(script), progress_(progress), runs_(script.transactions.size(), 0) {
  if (!at_last()) ++progress_.before_last;
  if (!done()) ++progress_.unfinished;
}

void Client::advance() {
  SQUALL_ASSERT(!done());
  const bool was_at_last = at_last();
  ++cursor_;
  if (!was_at_last && at_last()) --progress_.before_last;
  if (done()) --progress_.unfinished;
}

Entity Client::entity_of(size_t index, EntityKind kind) {
  Entity entity;
  entity.actor = script_.actor;
  entity.subject = script_.transactions[index].id;
  entity.kind = kind;
  entity.run = runs_[index]++;
  return entity;
}

bool Client::wants_retry(size_t index) const {
  return index + 1 == script_.transactions.size() ||
         script_.transactions[index].on_error == OnError::kWaitUntilServed;
}

Client::Work Client::next(ActorProcess& process, bool faults_ended, int64_t zombie_transactions) {
  if (!is_current(process)) {
    // The client has left. A zombie goes on from where it stood, and never gets past the script's
    // end.
    const size_t index = process.zombie_cursor;
    if (process.zombie_count++ >= zombie_transactions || index >= script_.transactions.size()) {
      return {nullptr, {}, true};
    }
    ++process.zombie_cursor;
    return {&script_.transactions[index], entity_of(index, EntityKind::kZombie), false};
  }
  if (done()) return {};
  if (at_last() && !faults_ended) return {};
  running_ = true;
  return {&script_.transactions[cursor_], entity_of(cursor_, EntityKind::kTransaction), false};
}

void Client::finished(ActorProcess& process, Session::Outcome outcome) {
  if (!is_current(process)) return;
  SQUALL_ASSERT(running_);
  running_ = false;
  const bool served = outcome == Session::Outcome::kDone ||
                      outcome == Session::Outcome::kSqlError ||
                      outcome == Session::Outcome::kRefused;
  if (served || !wants_retry(cursor_)) advance();
}

void Client::turn_to(ActorProcess& process) {
  if (current_ == &process) return;
  if (current_ != nullptr) {
    current_->zombie_cursor = cursor_ + (running_ ? 1 : 0);
    if (running_ && !wants_retry(cursor_)) advance();
  }
  running_ = false;
  current_ = &process;
}

void Client::forget(const ActorProcess& process) {
  if (!is_current(process)) return;
  if (running_ && !wants_retry(cursor_)) advance();
  running_ = false;
  current_ = nullptr;
}

}  // namespace squall::sim
