#include "sim/commands/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace squall::commands {
namespace {

constexpr rlim_t kMaxCpuS = 600;

[[noreturn]] void do_work(int fd, const std::function<std::string()>& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit limit{kMaxCpuS, kMaxCpuS};
  setrlimit(RLIMIT_CPU, &limit);
  const std::string text = work();
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(1);
    done += static_cast<size_t>(n);
  }
  _exit(0);
}

}  // namespace

ChildEnd run_in_child(const std::function<std::string()>& work) {
  ChildEnd end;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return end;
  const pid_t pid = fork();
  if (pid == 0) do_work(ends[1], work);
  close(ends[1]);
  char buffer[64 << 10];
  for (ssize_t n = 0; pid > 0 && (n = read(ends[0], buffer, sizeof buffer)) != 0;) {
    if (n > 0) end.text.append(buffer, static_cast<size_t>(n));
    if (n < 0 && errno != EINTR) break;
  }
  close(ends[0]);
  if (pid < 0) return end;
  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  end.answered = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  end.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) << 10;
  return end;
}

}  // namespace squall::commands
