#include "sim/fiber.h"

#include <cxxabi.h>

#include <cstring>
#include <utility>

#include "engine/assert.h"
#include "sim/sanitizers.h"

namespace squall::sim {

namespace context = boost::context::detail;

Fiber::Fiber(StackPool& stacks, std::function<void()> body)
    : stacks_(stacks), stack_(stacks.take()), body_(std::move(body)) {
  context_ = context::make_fcontext(stack_.top(), stack_.size_bytes, &Fiber::entry);
}

Fiber::~Fiber() {
  SQUALL_ASSERT(finished_ || !started_);
  stacks_.give_back(stack_);
}

void Fiber::swap_exception_state(ExceptionState* save, const ExceptionState& load) {
  auto* state = reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals());
  *save = *state;
  *state = load;
}

void Fiber::resume() {
  SQUALL_ASSERT(!finished_);
  started_ = true;
  swap_exception_state(&caller_exceptions_, exceptions_);
  start_switch(&caller_fake_stack_, stack_.bottom, stack_.size_bytes);
  const context::transfer_t transfer = context::jump_fcontext(context_, this);
  finish_switch(caller_fake_stack_, nullptr, nullptr);
  context_ = transfer.fctx;
  swap_exception_state(&exceptions_, caller_exceptions_);
}

void Fiber::suspend() {
  start_switch(&fake_stack_, caller_bottom_, caller_size_bytes_);
  const context::transfer_t transfer = context::jump_fcontext(caller_, nullptr);
  finish_switch(fake_stack_, &caller_bottom_, &caller_size_bytes_);
  caller_ = transfer.fctx;
}

void Fiber::entry(context::transfer_t transfer) {
  auto* fiber = static_cast<Fiber*>(transfer.data);
  finish_switch(nullptr, &fiber->caller_bottom_, &fiber->caller_size_bytes_);
  fiber->caller_ = transfer.fctx;
  fiber->run_body();
  fiber->finished_ = true;
  start_switch(nullptr, fiber->caller_bottom_, fiber->caller_size_bytes_);
  context::jump_fcontext(fiber->caller_, nullptr);
  SQUALL_ASSERT(!"a finished fiber was resumed");
}

void Fiber::run_body() {
  try {
    body_();
  } catch (const FiberKilled&) {
  }
  body_ = nullptr;
}

}  // namespace squall::sim
