// One process's life of an actor: the takeover, SQLite over the product's VFS, and the transactions
// of the actor's script run on it, driven inside a fiber of that process. With an oracle, a
// recorder sits between SQLite and the VFS, and every statement runs on a native twin as well,
// first.
//
// A dead process: the caller kills the world around the session; from then on every wait answers at
// once, the session unwinds through its C frames, and nothing that it meets on the way reaches the
// oracle.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/runtime.h"
#include "engine/transport.h"
#include "sim/knobs.h"
#include "sim/workload.h"
#include "vfs/session.h"

namespace squall::sim {

class Oracle;

struct SessionEnvironment {
  Oracle* oracle = nullptr;  // null: no recorder, no twin, no checks
  ActorId actor = 0;
  Owner owner;
  const Knobs* knobs = nullptr;
  const Workload* workload = nullptr;
  Transport* transport = nullptr;
  Runtime* runtime = nullptr;
  PagePool* pool = nullptr;
  PreloadHints hints;
  std::function<bool()> process_dead;
  // Asked before the database is opened and before each statement: which of SQLite's allocations
  // from there on fails (1: the first); 0: none. Null: memory never runs out. Needs an oracle.
  std::function<uint64_t()> allocation_to_fail;
};

class Session {
 public:
  explicit Session(SessionEnvironment environment);
  // Closes the connection; safe when the process is dead.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  enum class Opened : uint8_t {
    kReady,
    kSuperseded,  // a newer start owns the actor
    kFailed,      // gave up; a new session may try
    kDead,        // the process was killed meanwhile
  };
  // Once, before anything else. A new nonce, thus a new Session, is needed to open again.
  Opened open();

  enum class Outcome : uint8_t {
    kDone,
    kSqlError,    // a statement failed as SQL does; the others ran
    kRefused,     // SQLITE_FULL: nothing of the transaction is there, the session goes on
    kWorldError,  // the file is dead or memory ran out: all of the transaction is there or nothing
    kDead,        // the process was killed
  };
  // "world error": as a trace names it.
  static const char* to_string(Outcome outcome);
  // A transaction that is to be left open is open afterwards: end the session.
  // entity_key keys random() and randomblob(), together with statement and call.
  Outcome run(const squall::sim::Transaction& transaction, uint64_t entity_key);

  // False once the file is dead: only a new session can serve the actor.
  bool usable() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace squall::sim
