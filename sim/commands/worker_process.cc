#include "sim/commands/worker_process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "engine/assert.h"
#include "sim/commands/interrupts.h"

namespace squall::commands {
namespace {

constexpr size_t kMaxNoiseBytes = 64 << 10;

bool read_all(int fd, char* out, size_t size) {
  while (size > 0) {
    const ssize_t n = ::read(fd, out, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    out += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

bool send_all(int fd, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t n = ::send(fd, data, size, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

uint64_t resident_bytes() {
  FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long total = 0;
  unsigned long resident = 0;
  const int fields = std::fscanf(file, "%lu %lu", &total, &resident);
  std::fclose(file);
  return fields == 2 ? resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

[[noreturn]] void serve(int fd, int noise_fd, const std::function<std::string(const Job&)>& work,
                        uint64_t max_bytes) {
  Job job;
  while (read_all(fd, reinterpret_cast<char*>(&job), sizeof job)) {
    if (ftruncate(noise_fd, 0) != 0) break;
    const std::string text = work(job);
    const FrameHead head{static_cast<uint32_t>(text.size()), resident_bytes() > max_bytes};
    std::string frame(reinterpret_cast<const char*>(&head), sizeof head);
    frame += text;
    if (!send_all(fd, frame.data(), frame.size()) || head.ends != 0) break;
  }
  _exit(0);
}

}  // namespace

std::optional<WorkerProcess> WorkerProcess::start(
    const std::function<std::string(const Job&)>& work, uint64_t max_bytes,
    const Interrupts& interrupts, const std::vector<int>& close_in_child) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
  const int noise_fd = memfd_create("squall-worker", MFD_CLOEXEC);
  const pid_t parent = getpid();
  const pid_t pid = noise_fd < 0 ? -1 : fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    interrupts.leave_to_parent();
    fcntl(noise_fd, F_SETFL, O_APPEND);
    dup2(noise_fd, STDOUT_FILENO);
    dup2(noise_fd, STDERR_FILENO);
    close(ends[0]);
    for (int fd : close_in_child) close(fd);
    serve(ends[1], noise_fd, work, max_bytes);
  }
  const int fork_error = errno;
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    if (noise_fd >= 0) close(noise_fd);
    errno = fork_error;
    return std::nullopt;
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return WorkerProcess(pid, ends[0], noise_fd);
}

void WorkerProcess::send(const Job& job) {
  if (jobs_.empty()) cpu_at_answer_s_ = cpu_s();
  jobs_.push_back(job);
  // A worker that has died is noticed when its end is read.
  (void)send_all(fd_, reinterpret_cast<const char*>(&job), sizeof job);
}

bool WorkerProcess::receive() {
  char buffer[64 << 10];
  while (true) {
    const ssize_t n = ::read(fd_, buffer, sizeof buffer);
    if (n > 0) {
      received_.append(buffer, static_cast<size_t>(n));
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    return n < 0 && errno == EAGAIN;
  }
}

std::optional<WorkerProcess::Frame> WorkerProcess::take_frame() {
  FrameHead head;
  if (received_.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, received_.data(), sizeof head);
  const size_t size = sizeof head + head.size_bytes;
  if (received_.size() < size) return std::nullopt;
  Frame frame{received_.substr(sizeof head, head.size_bytes), head.ends != 0};
  received_.erase(0, size);
  drop_first_job();
  cpu_at_answer_s_ = cpu_s();
  return frame;
}

Job WorkerProcess::drop_first_job() {
  SQUALL_ASSERT(!jobs_.empty());
  const Job job = jobs_.front();
  jobs_.pop_front();
  return job;
}

double WorkerProcess::cpu_s() const {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0)
    return cpu_at_answer_s_;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double WorkerProcess::job_cpu_s() const { return cpu_s() - cpu_at_answer_s_; }

void WorkerProcess::kill() { ::kill(pid_, SIGKILL); }

WorkerProcess::End WorkerProcess::reap() {
  End end;
  close(fd_);
  rusage usage{};
  while (wait4(pid_, &end.wait_status, 0, &usage) < 0 && errno == EINTR) {
  }
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  end.job_cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime) - cpu_at_answer_s_;
  end.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) << 10;
  end.noise.resize(kMaxNoiseBytes);
  const ssize_t n = pread(noise_fd_, end.noise.data(), end.noise.size(), 0);
  end.noise.resize(n > 0 ? static_cast<size_t>(n) : 0);
  close(noise_fd_);
  return end;
}

}  // namespace squall::commands
