#include "sim/commands/hash_process.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace squall::commands {
namespace {

// Between fork and exec.
[[noreturn]] void exec_side(const HashJob& job, int out_fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(out_fd, STDOUT_FILENO);
  const std::string seeds = fmt::format("{}..{}", job.seeds.first, job.seeds.last);
  std::vector<const char*> arguments{"squall",  "hash-process", "--scenario", job.scenario.c_str(),
                                     "--seeds", seeds.c_str()};
  if (!job.planted.empty())
    arguments.insert(arguments.end(), {"--plant-nondeterminism", job.planted.c_str()});
  if (job.trace_last) arguments.push_back("--trace-last");
  if (job.side == HashSide::kSecond) {
    arguments.push_back("--second");
    setenv("SQUALL_PADDING", std::string(5000, 'x').c_str(), 1);
    setenv("MALLOC_PERTURB_", "165", 1);
    personality(ADDR_NO_RANDOMIZE);
  }
  arguments.push_back(nullptr);
  execv(job.executable.c_str(), const_cast<char* const*>(arguments.data()));
  _exit(127);
}

}  // namespace

std::optional<HashProcess> HashProcess::start(const HashJob& job) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const pid_t pid = fork();
  if (pid == 0) exec_side(job, ends[1]);
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return std::nullopt;
  }
  return HashProcess(pid, ends[0]);
}

HashProcess::HashProcess(HashProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      fd_(std::exchange(other.fd_, -1)),
      partial_(std::move(other.partial_)) {}

HashProcess::~HashProcess() {
  if (fd_ >= 0) close(fd_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  end();
}

bool HashProcess::read_lines(std::vector<std::string>& lines) {
  char buffer[64 << 10];
  const ssize_t n = ::read(fd_, buffer, sizeof buffer);
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;
  partial_.append(buffer, static_cast<size_t>(n));
  size_t start = 0;
  for (size_t end; (end = partial_.find('\n', start)) != std::string::npos; start = end + 1) {
    lines.push_back(partial_.substr(start, end - start));
  }
  partial_.erase(0, start);
  return true;
}

std::string HashProcess::end() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) return fmt::format("died of SIG{}", sigabbrev_np(WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) return fmt::format("ended with status {}", WEXITSTATUS(status));
  return {};
}

}  // namespace squall::commands
