// One forked worker and the parent's end of the talk with it.
//
// Parent to worker: a Job, 16 bytes. Worker to parent: a frame for each job, in order: u32 length
// of the text, u8 1 if the worker ends now since it has grown too large (else 0), then the text.
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/commands/worker_pool.h"

namespace squall::commands {

class Interrupts;

struct FrameHead {
  uint32_t size_bytes;
  uint8_t ends;
} __attribute__((packed));

class WorkerProcess {
 public:
  // Forks; `close_in_child` are the parent's ends of its siblings. Nothing on failure (errno).
  static std::optional<WorkerProcess> start(const std::function<std::string(const Job&)>& work,
                                            uint64_t max_bytes, const Interrupts& interrupts,
                                            const std::vector<int>& close_in_child);

  int fd() const { return fd_; }
  const std::deque<Job>& jobs() const {
    return jobs_;
  }  // handed over and not answered; the first is at work
  void send(const Job& job);
  // What has come since: false once the worker's end is closed.
  bool receive();
  struct Frame {
    std::string text;
    bool ends;
  };
  std::optional<Frame> take_frame();  // answers the first job
  double job_cpu_s() const;           // CPU used since the last answer
  void kill();

  struct End {
    int wait_status = 0;
    uint64_t peak_bytes = 0;  // resident
    double job_cpu_s = 0;     // since the last answer
    std::string noise;
  };
  End reap();  // waits for its end; the object is spent
  Job drop_first_job();

 private:
  WorkerProcess(pid_t pid, int fd, int noise_fd) : pid_(pid), fd_(fd), noise_fd_(noise_fd) {}

  double cpu_s() const;

  pid_t pid_;
  int fd_;
  int noise_fd_;  // a memory file: the worker's standard output and error since its last job began
  std::deque<Job> jobs_;
  std::string received_;
  double cpu_at_answer_s_ = 0;
};

}  // namespace squall::commands
