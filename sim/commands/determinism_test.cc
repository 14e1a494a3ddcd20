// Of the built program itself: determinism compares processes that exec it.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "sim/commands/exit_status.h"
#include "sim/sanitizers.h"

namespace squall::commands {
namespace {

struct ProgramEnd {
  int status;
  std::string out;
};

ProgramEnd determinism(const std::string& arguments) {
  FILE* pipe = popen(
      (std::string(SQUALL_BINARY) + " determinism --json --jobs 2 " + arguments).c_str(), "re");
  ProgramEnd end{-1, {}};
  std::array<char, 4096> buffer;
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    end.out.append(buffer.data(), n);
  end.status = WEXITSTATUS(pclose(pipe));
  return end;
}

nlohmann::json first_line(const ProgramEnd& end) {
  return nlohmann::json::parse(end.out.substr(0, end.out.find('\n')));
}

TEST(Determinism, SeedsDecideEverything) {
  const ProgramEnd end = determinism("--seeds 1..6");
  EXPECT_EQ(end.status, kExitHeld) << end.out;
  EXPECT_EQ(first_line(end)["runs"], 6);
}

class PlantedNondeterminismTest : public testing::TestWithParam<const char*> {};

TEST_P(PlantedNondeterminismTest, NamesTheEventWhereTheRunsPart) {
  // AddressSanitizer gives its heap the same place in every process: there is nothing to order by.
  if (sim::kAddressSanitizer && std::string(GetParam()) == "pointer") GTEST_SKIP();
  const ProgramEnd end =
      determinism(std::string("--seeds 1..4 --plant-nondeterminism ") + GetParam());
  EXPECT_EQ(end.status, kExitFailed) << end.out;
  const auto mismatch = first_line(end);
  EXPECT_EQ(mismatch["same"], false) << end.out;
  ASSERT_TRUE(mismatch.contains("event")) << end.out;
  ASSERT_TRUE(mismatch["event"].is_number()) << end.out;
  EXPECT_GT(mismatch["event"], 40);
  EXPECT_FALSE(mismatch["common_trace"].empty());
  EXPECT_NE(mismatch["first_trace"], mismatch["second_trace"]);
  EXPECT_EQ(mismatch["needs_predecessors"], std::string(GetParam()) == "leak");
}

INSTANTIATE_TEST_SUITE_P(All, PlantedNondeterminismTest,
                         testing::Values("clock", "pointer", "leak"));

}  // namespace
}  // namespace squall::commands
