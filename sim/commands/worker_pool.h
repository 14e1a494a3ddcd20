// Jobs on forked workers. The parent has one thread and never runs a job itself: whatever a job
// does to its process (a crash, an assertion, an endless loop) is that job's answer, and the worker
// is replaced.
//
// A worker is a fork of the parent at the time of its first job: `work` and all it refers to are
// there as they were. Not handled: a worker that waits for ever without using CPU; the simulator
// never waits for the real world.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace squall::commands {

struct Job {
  uint64_t kind = 0;  // what the pool's user makes of it
  uint64_t seed = 0;
};

struct Answer {
  enum class Kind : uint8_t {
    kAnswered,  // text: what the work returned
    kCrashed,   // the worker died of the job
    kHung,      // it used more CPU than a job may, and was killed
  };
  Kind kind = Kind::kAnswered;
  std::string text;   // kCrashed, kHung: one clause for a message
  std::string site;   // kCrashed, kHung: a stable word for a signature: "SIGSEGV", "exit-1", "cpu"
  std::string noise;  // kCrashed, kHung: what it wrote to its standard error, at most 64 KiB
  double cpu_s = 0;   // kCrashed, kHung: CPU that the job used
};

struct PoolOptions {
  unsigned workers = 1;
  double max_job_cpu_s = 200;  // beyond the run's own watchdog
  // A worker that is larger after a job is replaced.
  uint64_t max_worker_bytes = uint64_t{300} << 20;
};

// Called in the parent, in between jobs.
struct JobQueue {
  std::function<std::optional<Job>()> next;  // nothing: none for now; asked again after each answer
  std::function<void(const Job&, const Answer&)> answered;
  std::function<void()> tick;  // at most four times a second; may be null
};

struct PoolReport {
  bool interrupted = false;  // by a signal; jobs at work were dropped
  int fork_error = 0;        // errno when no worker could be started
  uint64_t workers_replaced_for_size = 0;
  uint64_t peak_worker_bytes = 0;  // largest resident set of any worker that has ended
};

// Returns when `next` has nothing and every job is answered, or at an interruption.
PoolReport run_jobs(const PoolOptions& options, const std::function<std::string(const Job&)>& work,
                    JobQueue& queue);

// The complaint for a PoolReport::fork_error.
std::string fork_error_text(int fork_error);

unsigned usable_cores();

}  // namespace squall::commands
