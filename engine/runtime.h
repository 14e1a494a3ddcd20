// The runtime that engine and VFS code stands on: time, waiting, spawning, randomness, and the
// marks where something may go wrong. Code is written straight down, as if it blocked.
//
// Dying: a process can be killed while one of its tasks waits. A task of C++ frames only (an engine
// node's session or worker) unwinds from its wait by an exception that derives from nothing: hold
// resources by RAII, never catch (...), never wait in a destructor. A task with C frames on its
// stack (SQLite above the VFS) can't unwind: its waits return at once and say so, and the transport
// answers "process dead".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/checkpoint.h"
#include "engine/planted.h"
#include "engine/probe.h"
#include "engine/result.h"

namespace squall {

// What a spawned task is about, in the terms of the system: which actor, and which of its commits
// set it off (0: none). A production runtime would print it in its task list.
struct TaskLabel {
  const char* name;
  uint64_t actor = 0;
  uint64_t txid = 0;
};

enum class WaitStatus : uint8_t { kSignalled, kTimedOut, kProcessDead };

// What tasks wait on. notify wakes waiting tasks, oldest first; nothing is remembered for later
// waiters.
class Signal {
 public:
  virtual ~Signal() = default;
  // timeout_us < 0 waits for ever.
  virtual WaitStatus wait(int64_t timeout_us) = 0;
  virtual void notify_one() = 0;
  virtual void notify_all() = 0;
};

class Runtime {
 public:
  virtual ~Runtime() = default;

  // For timers: never goes back within the process; two processes may disagree.
  virtual int64_t now_us() = 0;
  // The time of day since 1970, for what people read: it jumps both ways, so nothing may be decided
  // by it.
  virtual int64_t wall_us() = 0;
  virtual WaitStatus sleep_us(int64_t duration_us) = 0;
  // Runs body as a task of this process.
  virtual void spawn(TaskLabel label, std::function<void()> body) = 0;
  virtual std::unique_ptr<Signal> make_signal() = 0;
  virtual uint64_t random() = 0;

#ifndef SQUALL_PRODUCTION
  // Call through squall::checkpoint() below, which compiles to nothing in production.
  virtual Result<void> at_checkpoint(Site site) = 0;
  virtual void at_probe(Probe) {}
#endif
};

// "Something may go wrong here": may wait, fail with kUnavailable, or kill the process.
inline Result<void> checkpoint([[maybe_unused]] Runtime& runtime, [[maybe_unused]] Site site) {
#ifdef SQUALL_PRODUCTION
  return {};
#else
  return runtime.at_checkpoint(site);
#endif
}

// "This has been seen": counted, nothing more.
inline void probe([[maybe_unused]] Runtime& runtime, [[maybe_unused]] Probe seen) {
#ifndef SQUALL_PRODUCTION
  runtime.at_probe(seen);
#endif
}

}  // namespace squall
