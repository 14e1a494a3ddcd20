#include "sim/fiber.h"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>

namespace squall::sim {
namespace {

TEST(Fiber, RunsInStepsBetweenSuspends) {
  StackPool stacks;
  std::string log;
  Fiber* self = nullptr;
  Fiber fiber(stacks, [&] {
    log += "a";
    self->suspend();
    log += "c";
  });
  self = &fiber;
  fiber.resume();
  log += "b";
  EXPECT_FALSE(fiber.finished());
  fiber.resume();
  EXPECT_TRUE(fiber.finished());
  EXPECT_EQ(log, "abc");
}

// Both fibers are inside a catch block at the same time: without exception state of its own, the
// first one's `throw;` would rethrow the second one's exception.
TEST(Fiber, KeepsItsOwnCaughtException) {
  StackPool stacks;
  Fiber* first_self = nullptr;
  Fiber* second_self = nullptr;
  std::string rethrown;
  Fiber first(stacks, [&] {
    try {
      try {
        throw std::runtime_error("first");
      } catch (...) {
        first_self->suspend();
        throw;
      }
    } catch (const std::runtime_error& error) {
      rethrown = error.what();
    }
  });
  Fiber second(stacks, [&] {
    try {
      throw std::runtime_error("second");
    } catch (const std::runtime_error&) {
      second_self->suspend();
    }
  });
  first_self = &first;
  second_self = &second;
  first.resume();
  second.resume();
  first.resume();
  second.resume();
  EXPECT_EQ(rethrown, "first");
  EXPECT_EQ(std::uncaught_exceptions(), 0);
}

TEST(Fiber, EndsQuietlyWhenKilled) {
  StackPool stacks;
  bool unwound = false;
  struct Guard {
    bool* flag;
    ~Guard() { *flag = true; }
  };
  Fiber fiber(stacks, [&] {
    Guard guard{&unwound};
    throw FiberKilled{};
  });
  fiber.resume();
  EXPECT_TRUE(fiber.finished());
  EXPECT_TRUE(unwound);
}

TEST(Fiber, StacksAreHandedOutAgain) {
  StackPool stacks;
  const char* bottom = nullptr;
  {
    const Stack stack = stacks.take();
    bottom = stack.bottom;
    stacks.give_back(stack);
  }
  const Stack again = stacks.take();
  EXPECT_EQ(again.bottom, bottom);
  stacks.give_back(again);
}

}  // namespace
}  // namespace squall::sim
