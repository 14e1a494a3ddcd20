#include "sim/commands/determinism.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <deque>

#include <fmt/format.h>

#include "sim/commands/interrupts.h"

namespace squall::commands {
namespace {

struct Side {
  HashSide side;
  SeedRange part;
};

class Comparison {
 public:
  Comparison(const DeterminismOptions& options,
             const std::function<void(const SeedComparison&, const SeedRange&)>& show)
      : options_(options), show_(show) {
    // A pair of processes for each part, so that all jobs have work.
    const uint64_t parts = std::min<uint64_t>(std::max(1u, options.jobs / 2), options.seeds.size());
    for (uint64_t i = 0; i < parts; ++i) {
      const SeedRange part{options.seeds.first + options.seeds.size() * i / parts,
                           options.seeds.first + options.seeds.size() * (i + 1) / parts - 1};
      waiting_.push_back({HashSide::kFirst, part});
      waiting_.push_back({HashSide::kSecond, part});
    }
  }

  DeterminismEnd run() {
    Interrupts interrupts;
    while (start_sides() && !end_.interrupted) {
      std::vector<pollfd> polled{{interrupts.fd(), POLLIN, 0}};
      for (const Running& running : running_) polled.push_back({running.process.fd(), POLLIN, 0});
      poll(polled.data(), polled.size(), -1);
      end_.interrupted = interrupts.came();
      for (size_t i = running_.size(); i-- > 0;) {
        if (polled[i + 1].revents != 0) read(i);
      }
    }
    return end_;
  }

 private:
  struct Running {
    Side side;
    HashProcess process;
  };

  bool start_sides() {
    while (!waiting_.empty() && running_.size() < std::max(1u, options_.jobs)) {
      const Side side = waiting_.front();
      waiting_.pop_front();
      auto process = HashProcess::start({.executable = options_.executable,
                                         .scenario = options_.scenario,
                                         .seeds = side.part,
                                         .side = side.side,
                                         .planted = options_.planted});
      if (!process) {
        end_.failures.push_back(
            fmt::format("a process could not be started: {}", std::strerror(errno)));
        continue;
      }
      running_.push_back({side, std::move(*process)});
    }
    return !running_.empty();
  }

  void read(size_t index) {
    Running& running = running_[index];
    std::vector<std::string> lines;
    const bool more = running.process.read_lines(lines);
    for (const std::string& line : lines) note(running.side, line);
    if (more) return;
    if (const std::string how = running.process.end(); !how.empty()) {
      end_.failures.push_back(
          fmt::format("the process that ran seeds {} to {} {} {}", running.side.part.first,
                      running.side.part.last,
                      running.side.side == HashSide::kFirst ? "upwards" : "downwards", how));
    }
    std::vector<Running> left;
    for (size_t i = 0; i < running_.size(); ++i) {
      if (i != index) left.push_back(std::move(running_[i]));
    }
    running_.swap(left);
  }

  // "S <seed> <the rest is compared>"
  void note(const Side& side, const std::string& line) {
    if (!line.starts_with("S ")) return;
    uint64_t seed = 0;
    const auto parsed = std::from_chars(line.data() + 2, line.data() + line.size(), seed);
    SeedComparison& comparison = comparisons_[seed];
    comparison.seed = seed;
    (side.side == HashSide::kFirst ? comparison.first : comparison.second) = parsed.ptr;
    if (comparison.first.empty() || comparison.second.empty()) return;
    show_(comparison, side.part);
    comparisons_.erase(seed);
  }

  const DeterminismOptions& options_;
  const std::function<void(const SeedComparison&, const SeedRange&)>& show_;
  std::deque<Side> waiting_;
  std::vector<Running> running_;
  std::map<uint64_t, SeedComparison> comparisons_;  // with one side there
  DeterminismEnd end_;
};

}  // namespace

DeterminismEnd compare_runs(
    const DeterminismOptions& options,
    const std::function<void(const SeedComparison&, const SeedRange& part)>& show) {
  return Comparison(options, show).run();
}

}  // namespace squall::commands
