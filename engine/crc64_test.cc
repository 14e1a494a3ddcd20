#include "engine/crc64.h"

#include <string>

#include <gtest/gtest.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace squall {
namespace {

TEST(Crc64, GivesTheKnownAnswerInOneCallOrTwo) {
  EXPECT_EQ(crc64(0, "123456789"), 0xb90956c775a41001u);
  EXPECT_EQ(crc64(crc64(0, "1234"), "56789"), 0xb90956c775a41001u);
}

TEST(Crc64, JoinsTheChecksumsOfTwoRunsToThatOfBoth) {
  const std::string first(77, 'a');
  for (const size_t second_bytes : {0, 1, 15, 4106, 65546}) {
    const std::string second(second_bytes, 'b');
    const Crc64Joiner joiner(second_bytes);
    EXPECT_EQ(joiner.join(crc64(0, first), crc64(0, second)), crc64(0, first + second));
    EXPECT_EQ(joiner.join(0, crc64(0, second)), crc64(0, second));
  }
}

#if defined(__x86_64__)
// Whether XGETBV tells which register states are in use.
bool tells_states_in_use() {
  constexpr unsigned kExtendedStates = 0xd;
  constexpr unsigned kTells = 1 << 2;
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(kExtendedStates, 1, &a, &b, &c, &d) != 0 && (a & kTells) != 0;
}

bool upper_halves_in_use() {
  constexpr unsigned kStatesInUse = 1;
  constexpr unsigned kAvxState = 1 << 2;
  unsigned low = 0, high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(kStatesInUse));
  return (low & kAvxState) != 0;
}

TEST(Crc64, LeavesTheVectorRegistersClean) {
  if (!__builtin_cpu_supports("avx") || !tells_states_in_use())
    GTEST_SKIP() << "this CPU doesn't tell";
  const std::string page(4096, 'x');
  const uint64_t sum = crc64(0, page);
  EXPECT_FALSE(upper_halves_in_use());
  EXPECT_NE(sum, 0u);
}
#endif

}  // namespace
}  // namespace squall
