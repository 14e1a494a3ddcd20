// A fiber: a task with a stack of its own, resumed by the event loop and suspended by itself. Knows
// nothing of time, processes or faults (scheduler.h does).
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <functional>

#include "sim/stack_pool.h"

namespace squall::sim {

// Thrown from the wait of a killed fiber that consists of C++ frames only; derives from nothing, so
// that no catch of ours or of a library stops it.
struct FiberKilled {};

class Fiber {
 public:
  // The body starts at the first resume. A FiberKilled that leaves it ends the fiber; nothing else
  // may leave it.
  Fiber(StackPool& stacks, std::function<void()> body);
  ~Fiber();  // finished, or never resumed
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // From outside: runs it until it suspends or finishes.
  void resume();
  // From inside: back to whoever resumed it.
  void suspend();
  bool finished() const { return finished_; }
  bool started() const { return started_; }

 private:
  // The C++ runtime's per-thread exception state (Itanium ABI: caught exceptions, uncaught count).
  // Without swapping it at each switch, a `throw;` in one fiber rethrows another's.
  struct ExceptionState {
    void* caught = nullptr;
    unsigned int uncaught = 0;
  };
  static void swap_exception_state(ExceptionState* save, const ExceptionState& load);
  static void entry(boost::context::detail::transfer_t transfer);
  void run_body();

  StackPool& stacks_;
  Stack stack_;
  std::function<void()> body_;
  boost::context::detail::fcontext_t context_ = nullptr;  // where to go on
  boost::context::detail::fcontext_t caller_ = nullptr;   // where resume() was called
  ExceptionState exceptions_;
  ExceptionState caller_exceptions_;
  void* fake_stack_ = nullptr;
  void* caller_fake_stack_ = nullptr;
  const void* caller_bottom_ = nullptr;
  size_t caller_size_bytes_ = 0;
  bool started_ = false;
  bool finished_ = false;
};

}  // namespace squall::sim
