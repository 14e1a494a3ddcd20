// Runs fuzz targets without a fuzzer, with any compiler:
//   fuzz_replay CORPUS_FOLDER MUTATIONS [TARGET...]
// Each named target (all of them by default) runs every file of CORPUS_FOLDER/fuzz-<target>, by
// file name, then MUTATIONS inputs that its own mutator makes of them from a fixed seed. Prints a
// line a target; a broken property aborts. Exits 1 if a corpus is missing or empty: a replay of
// nothing is a failure.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/dice.h"
#include "fuzz/targets.h"

namespace {

constexpr uint64_t kSeed = 1;
constexpr size_t kMostBytes = 1 << 16;

std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

bool replay(const squall::fuzz::Target& target, const std::filesystem::path& corpus,
            uint64_t mutations) {
  const auto folder = corpus / fmt::format("fuzz-{}", target.name);
  std::vector<std::string> inputs = read_corpus(folder);
  if (inputs.empty()) {
    fmt::print(stderr, "{}: no corpus\n", folder.string());
    return false;
  }
  for (const std::string& input : inputs) target.run(input);
  squall::fuzz::Dice dice(kSeed);
  std::string input;
  for (uint64_t i = 0; i < mutations; ++i) {
    // Each input is changed a few times over before the next one has its turn.
    if (i % 4 == 0) input = inputs[dice.below(inputs.size())];
    target.mutate(&input, dice.next());
    if (input.size() > kMostBytes) input.resize(kMostBytes);
    target.run(input);
  }
  fmt::print("{}: {} corpus files and {} mutations hold\n", target.name, inputs.size(), mutations);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: {} CORPUS_FOLDER MUTATIONS [TARGET...]\n", argv[0]);
    return 2;
  }
  const std::vector<std::string> wanted(argv + 3, argv + argc);
  for (const std::string& name : wanted) {
    if (squall::fuzz::find_target(name) != nullptr) continue;
    fmt::print(stderr, "no fuzz target {}\n", name);
    return 2;
  }
  bool held = true;
  for (const squall::fuzz::Target& target : squall::fuzz::targets()) {
    const bool asked =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), target.name) != wanted.end();
    if (asked) held &= replay(target, argv[1], std::strtoull(argv[2], nullptr, 10));
  }
  return held ? 0 : 1;
}
