// The client of one actor: goes through its script, one transaction at a time, at whichever process
// of the actor it has last heard to be ready. A process that it has left may go on for a while on
// its own: a zombie.
//
// The last transaction of each script waits until nothing new goes wrong any more, and is asked
// until it is served: what the world must still be able to do at the end.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/entity.h"
#include "sim/session.h"
#include "sim/workload.h"

namespace squall::sim {

class ActorProcess;

// How far all clients of a run have come.
struct ScriptProgress {
  size_t before_last = 0;  // clients with more than their last transaction ahead
  size_t unfinished = 0;   // clients with any transaction ahead
};

class Client {
 public:
  Client(const ActorScript& script, ScriptProgress& progress);

  struct Work {
    const Transaction* transaction = nullptr;  // null: nothing now
    Entity entity;
    bool over = false;  // nothing ever again for this process
  };
  // What this process should run next.
  Work next(ActorProcess& process, bool faults_ended, int64_t zombie_transactions);
  // How it ended; of a zombie, nobody cares.
  void finished(ActorProcess& process, Session::Outcome outcome);

  // From now on the client talks to this process.
  void turn_to(ActorProcess& process);
  // The process is gone.
  void forget(const ActorProcess& process);

  bool is_current(const ActorProcess& process) const { return current_ == &process; }
  // Only the last transaction is left, or none.
  bool at_last() const { return cursor_ + 1 >= script_.transactions.size(); }
  bool done() const { return cursor_ == script_.transactions.size(); }
  ActorId actor() const { return script_.actor; }
  // Index of the transaction that runs, or comes next.
  size_t cursor() const { return cursor_; }

 private:
  Entity entity_of(size_t index, EntityKind kind);
  bool wants_retry(size_t index) const;
  void advance();

  const ActorScript& script_;
  ScriptProgress& progress_;
  size_t cursor_ = 0;
  bool running_ = false;  // the current process runs the transaction at the cursor
  ActorProcess* current_ = nullptr;
  std::vector<uint16_t> runs_;  // how often each transaction was begun
};

}  // namespace squall::sim
