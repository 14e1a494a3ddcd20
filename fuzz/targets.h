// What is fuzzed: one row a target in targets.cc. The same targets run under libFuzzer
// (libfuzzer_main.cc) and under the plain replayer (replay_main.cc).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace squall::fuzz {

struct Target {
  std::string_view name;  // its corpus is corpus/fuzz-<name>
  // Aborts when a property fails. Any input is legal.
  void (*run)(std::string_view input);
  // Changes input in a way that keeps enough of it well-formed to get far.
  void (*mutate)(std::string* input, uint64_t seed);
};

std::span<const Target> targets();
const Target* find_target(std::string_view name);

// Some change of bytes that knows nothing of their meaning.
void mutate_bytes(std::string* input, uint64_t seed);

void run_decode(std::string_view input);
void run_random_access(std::string_view input);
void run_compact(std::string_view input);
void run_encode(std::string_view input);
void run_wire_message(std::string_view input);
void run_head_record(std::string_view input);

void mutate_ltx_file(std::string* input, uint64_t seed);
void mutate_random_access(std::string* input, uint64_t seed);
void mutate_ltx_files(std::string* input, uint64_t seed);
void mutate_wire_message(std::string* input, uint64_t seed);
void mutate_head_record(std::string* input, uint64_t seed);

}  // namespace squall::fuzz
