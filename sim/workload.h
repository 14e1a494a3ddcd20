// What the clients do in a run, as data: made before the run, never from its results, and kept
// whole in a capsule. Ids are stable: shrinking removes transactions and statements without
// renumbering the rest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/messages.h"

namespace squall::sim {

// A bound value, described instead of stored: expanded by value_generator.h.
struct Parameter {
  enum class Kind : uint8_t {
    kInteger,     // integer
    kText,        // size_bytes of readable, compressible text drawn from salt
    kRandom,      // a blob of size_bytes random bytes drawn from salt
    kZeros,       // a blob of size_bytes zeros
    kOffsetLike,  // a blob full of small little-endian numbers and 0x33 bytes
  };
  Kind kind = Kind::kInteger;
  int64_t integer = 0;
  uint32_t size_bytes = 0;
  uint64_t salt = 0;
};

// One SQL text of the run; statements name it by its index.
struct SqlText {
  std::string text;
  bool outside_transaction = false;  // VACUUM and pragmas: never inside BEGIN … COMMIT
  bool skip_twin = false;            // its result is the product's own affair (VACUUM, page counts)
};

struct Statement {
  uint16_t sql = 0;  // index into Workload::sql
  std::vector<Parameter> parameters;
};

// What the client does when a transaction ends in a world error (I/O, full, dead process).
enum class OnError : uint8_t {
  kAbandon,          // goes on with the next one
  kWaitUntilServed,  // begins this one again, on the next session if it must, until it succeeds
};

struct Transaction {
  uint32_t id = 0;  // 1, 2, 3… within the actor; stable
  OnError on_error = OnError::kAbandon;
  bool explicit_transaction = false;  // BEGIN, the statements, COMMIT; else autocommit each
  bool rollback = false;              // ROLLBACK instead of COMMIT
  bool close_before = false;          // close and reopen the connection first (same process)
  bool leave_open = false;  // explicit: closes the connection instead of COMMIT, and reopens it
  int64_t think_us = 0;     // waits before it begins
  std::vector<Statement> statements;
};

struct ActorScript {
  ActorId actor = 0;  // 1, 2, 3…
  std::vector<Transaction> transactions;
};

// What the control plane does of its own will.
struct ControlAction {
  enum class Kind : uint8_t {
    kMove,     // starts the actor on another host; the old host isn't told (or late)
    kRestart,  // stops it, then starts it again
    kRenew,    // starts it again on the same host, with a new sequence
  };
  uint32_t id = 0;  // stable
  Kind kind = Kind::kMove;
  ActorId actor = 0;
  uint32_t at_transaction = 0;  // when this transaction of the actor begins…
  int64_t delay_us = 0;         // … and so much later
  int64_t stop_delay_us = -1;   // kMove: when the old host hears of it; -1 never
};

struct Workload {
  std::vector<SqlText> sql;
  std::vector<ActorScript> actors;
  std::vector<ControlAction> control;
};

}  // namespace squall::sim
