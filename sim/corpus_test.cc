// Every capsule in corpus/capsules/ is a failure of the past: its run must hold now. The file's
// name says what it was.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sim/capsule.h"
#include "sim/run.h"

namespace squall::sim {
namespace {

std::vector<std::string> capsules() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(SQUALL_SOURCE_DIR "/corpus/capsules")) {
    paths.push_back(entry.path());
  }
  return paths;
}

class CorpusTest : public testing::TestWithParam<std::string> {};

TEST_P(CorpusTest, AFailureOfThePastStaysFixed) {
  const auto capsule = read_capsule(GetParam());
  ASSERT_TRUE(capsule.has_value()) << capsule.error().message;
  const RunResult result = Runner().run(capsule->plan, RunOptions{});
  EXPECT_EQ(result.verdict, Verdict::kHeld) << result.signature << ": " << result.message;
}

std::string name_of(const testing::TestParamInfo<std::string>& path) {
  std::string name = std::filesystem::path(path.param).stem();
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Capsules, CorpusTest, testing::ValuesIn(capsules()), name_of);

}  // namespace
}  // namespace squall::sim
