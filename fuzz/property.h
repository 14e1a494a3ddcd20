// Properties: tests over generated values. RapidCheck shrinks a failure; the line that begins with
// "reproduce:" runs just that case again. The values come from a fixed seed, so that a property
// fails for what changed, not by luck of the draw; RC_PARAMS="seed=N max_success=N" draws others,
// or more.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <unordered_map>

namespace rc::detail {

// Of RapidCheck's library, but in none of its installed headers.
std::string reproduceMapToString(const std::unordered_map<std::string, Reproduce>& reproduce);

}  // namespace rc::detail

namespace squall::fuzz {

inline void check_property(void (*property)()) {
  setenv("RC_PARAMS", "seed=1", 0);
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(test->test_suite_name()) + "/" + test->name();
  metadata.description = test->name();
  const auto result = rc::detail::checkTestable(property, metadata);
  if (result.is<rc::detail::SuccessResult>()) return;
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  if (result.is<rc::detail::FailureResult>()) {
    const auto failure = result.get<rc::detail::FailureResult>();
    message << "\nreproduce: RC_PARAMS=\"reproduce="
            << rc::detail::reproduceMapToString({{metadata.id, failure.reproduce}})
            << "\" fuzz_tests --gtest_filter=" << test->test_suite_name() << "." << test->name();
  }
  FAIL() << message.str();
}

}  // namespace squall::fuzz

#define SQUALL_PROPERTY(Suite, Name)                                                \
  static void property_##Suite##_##Name();                                          \
  TEST(Suite, Name) { ::squall::fuzz::check_property(&property_##Suite##_##Name); } \
  static void property_##Suite##_##Name()
