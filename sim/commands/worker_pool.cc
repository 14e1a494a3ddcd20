#include "sim/commands/worker_pool.h"

#include <poll.h>
#include <sched.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <vector>

#include <fmt/format.h>

#include "sim/commands/interrupts.h"
#include "sim/commands/worker_process.h"

namespace squall::commands {
namespace {

constexpr size_t kJobsAhead = 3;  // handed to a worker at once: it never waits for its parent
constexpr std::chrono::milliseconds kTick(250);

std::string first_line(const std::string& text) {
  const size_t start = text.find_first_not_of(" \t\r\n=");
  if (start == std::string::npos) return "";
  return text.substr(start, text.find('\n', start) - start);
}

Answer crash_answer(const WorkerProcess::End& end) {
  Answer answer{.kind = Answer::Kind::kCrashed,
                .text = {},
                .site = {},
                .noise = end.noise,
                .cpu_s = end.job_cpu_s};
  if (WIFSIGNALED(end.wait_status)) {
    const int number = WTERMSIG(end.wait_status);
    answer.site = fmt::format("SIG{}", sigabbrev_np(number));
    answer.text = fmt::format("the worker died of {} ({})", answer.site, sigdescr_np(number));
  } else {
    answer.site = fmt::format("exit-{}", WEXITSTATUS(end.wait_status));
    answer.text = fmt::format("the worker ended with status {}", WEXITSTATUS(end.wait_status));
  }
  if (const std::string line = first_line(end.noise); !line.empty()) answer.text += ": " + line;
  return answer;
}

class Pool {
 public:
  Pool(const PoolOptions& options, const std::function<std::string(const Job&)>& work,
       JobQueue& queue)
      : options_(options), work_(work), queue_(queue) {}

  PoolReport run() {
    while (hand_out_jobs() && !report_.interrupted) wait_and_serve();
    for (WorkerProcess& worker : workers_) end_worker(worker);
    return report_;
  }

 private:
  std::optional<Job> next_job() {
    if (returned_.empty()) return queue_.next();
    const Job job = returned_.front();
    returned_.pop_front();
    return job;
  }

  // Level: each worker gets its first job before any gets its second. False when nothing is at
  // work.
  bool hand_out_jobs() {
    for (size_t depth = 1; depth <= kJobsAhead; ++depth) {
      for (WorkerProcess& worker : workers_) {
        if (worker.jobs().size() >= depth) continue;
        const auto job = next_job();
        if (!job) return at_work();
        worker.send(*job);
      }
      while (depth == 1 && workers_.size() < options_.workers) {
        const auto job = next_job();
        if (!job) return at_work();
        if (!start_worker(*job)) {
          returned_.push_front(*job);
          break;
        }
      }
    }
    return at_work();
  }

  bool start_worker(const Job& job) {
    std::vector<int> fds{interrupts_.fd()};
    for (const WorkerProcess& worker : workers_) fds.push_back(worker.fd());
    auto worker = WorkerProcess::start(work_, options_.max_worker_bytes, interrupts_, fds);
    if (!worker) {
      if (workers_.empty()) report_.fork_error = errno;
      return false;
    }
    workers_.push_back(std::move(*worker));
    workers_.back().send(job);
    return true;
  }

  bool at_work() const {
    for (const WorkerProcess& worker : workers_) {
      if (!worker.jobs().empty()) return true;
    }
    return false;
  }

  void wait_and_serve() {
    std::vector<pollfd> polled{{interrupts_.fd(), POLLIN, 0}};
    for (const WorkerProcess& worker : workers_) polled.push_back({worker.fd(), POLLIN, 0});
    poll(polled.data(), polled.size(), static_cast<int>(kTick.count()));
    if (interrupts_.came()) report_.interrupted = true;
    for (size_t i = workers_.size(); i-- > 0;) serve(i, polled[i + 1].revents != 0);
    tick();
  }

  void tick() {
    const auto now = std::chrono::steady_clock::now();
    if (!queue_.tick || now < next_tick_) return;
    next_tick_ = now + kTick;
    queue_.tick();
  }

  // Passes on what has come; true when the worker said that it ends.
  bool take_answers(WorkerProcess& worker) {
    while (!worker.jobs().empty()) {
      const Job job = worker.jobs().front();
      const auto frame = worker.take_frame();
      if (!frame) return false;
      queue_.answered(
          job,
          Answer{.kind = Answer::Kind::kAnswered, .text = frame->text, .site = {}, .noise = {}});
      if (frame->ends) return true;
    }
    return false;
  }

  // At the end, or at an interruption: what it had finished counts, what it was at doesn't.
  void end_worker(WorkerProcess& worker) {
    worker.kill();
    worker.receive();
    take_answers(worker);
    note_end(worker.reap());
  }

  void serve(size_t index, bool readable) {
    WorkerProcess& worker = workers_[index];
    const bool open = !readable || worker.receive();
    if (take_answers(worker)) {
      ++report_.workers_replaced_for_size;
      replace(index);
      return;
    }
    if (!open) return bury(index);
    if (!worker.jobs().empty() && worker.job_cpu_s() > options_.max_job_cpu_s) stop_hung(index);
  }

  // Its jobs that were not begun go to others.
  WorkerProcess::End replace(size_t index) {
    WorkerProcess& worker = workers_[index];
    returned_.insert(returned_.begin(), worker.jobs().begin(), worker.jobs().end());
    const WorkerProcess::End end = worker.reap();
    note_end(end);
    workers_.erase(workers_.begin() + static_cast<ptrdiff_t>(index));
    return end;
  }

  void bury(size_t index) {
    if (workers_[index].jobs().empty()) {
      replace(index);
      return;
    }
    const Job job = workers_[index].drop_first_job();
    queue_.answered(job, crash_answer(replace(index)));
  }

  void stop_hung(size_t index) {
    const double cpu_s = workers_[index].job_cpu_s();
    const Job job = workers_[index].drop_first_job();
    workers_[index].kill();
    const WorkerProcess::End end = replace(index);
    queue_.answered(job, Answer{.kind = Answer::Kind::kHung,
                                .text = fmt::format("killed after {:.0f} s of CPU", cpu_s),
                                .site = "cpu",
                                .noise = end.noise,
                                .cpu_s = cpu_s});
  }

  void note_end(const WorkerProcess::End& end) {
    report_.peak_worker_bytes = std::max(report_.peak_worker_bytes, end.peak_bytes);
  }

  const PoolOptions& options_;
  const std::function<std::string(const Job&)>& work_;
  JobQueue& queue_;
  Interrupts interrupts_;
  std::vector<WorkerProcess> workers_;
  std::deque<Job> returned_;  // taken from a worker that ended before it began them
  std::chrono::steady_clock::time_point next_tick_;
  PoolReport report_;
};

}  // namespace

PoolReport run_jobs(const PoolOptions& options, const std::function<std::string(const Job&)>& work,
                    JobQueue& queue) {
  return Pool(options, work, queue).run();
}

std::string fork_error_text(int fork_error) {
  return fmt::format("can't start a worker: {}; try fewer --jobs", std::strerror(fork_error));
}

unsigned usable_cores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set)) : 1;
}

}  // namespace squall::commands
