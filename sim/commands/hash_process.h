// One of the two processes that `squall determinism` compares: this program again, exec'd, with a
// layout of memory of its own. It runs seeds in one order and says what each came to.
//
// Its standard output, as lines: "S <seed> <hash> <events> <verdict> <signature or ->" after each
// seed. With --trace-last the last seed's events come before its S line: "E <event> <hash>", then
// "L <text>" for each line of trace of that event.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "sim/commands/arguments.h"
#include "sim/commands/command_context.h"

namespace squall::commands {

// The hidden command of the exec'd side.
void add_hash_process_command(CLI::App& app, CommandContext& context);

// The first runs seeds upwards, with addresses as the system randomizes them. The second runs them
// downwards, without randomization, on a scrambled heap that is filled with junk, with a larger
// environment.
enum class HashSide : uint8_t { kFirst, kSecond };

struct HashJob {
  std::string executable;
  std::string scenario;
  SeedRange seeds;
  HashSide side = HashSide::kFirst;
  std::string planted;  // nondeterminism to plant; empty: none
  bool trace_last = false;
};

// The parent's end.
class HashProcess {
 public:
  // Nothing on failure (errno).
  static std::optional<HashProcess> start(const HashJob& job);
  HashProcess(HashProcess&& other) noexcept;
  HashProcess& operator=(HashProcess&&) = delete;
  ~HashProcess();  // kills it when it still runs

  int fd() const { return fd_; }
  // What has come, in whole lines; waits for something. False at the end.
  bool read_lines(std::vector<std::string>& lines);
  // After the end: empty when all went well, else one clause.
  std::string end();

 private:
  HashProcess(pid_t pid, int fd) : pid_(pid), fd_(fd) {}

  pid_t pid_;
  int fd_;
  std::string partial_;
};

}  // namespace squall::commands
