#include "sim/commands/divergence.h"

#include <deque>
#include <sstream>

namespace squall::commands {
namespace {

constexpr size_t kEventsBefore = 4;
constexpr size_t kEventsFrom = 3;

// The events of a process's last seed, one by one.
class EventReader {
 public:
  explicit EventReader(HashProcess process) : process_(std::move(process)) {}

  std::optional<TracedEvent> next() {
    std::optional<TracedEvent> event;
    while (true) {
      if (next_line_ == lines_.size() && !refill()) return event;
      const std::string& line = lines_[next_line_];
      if (line.starts_with("E ")) {
        if (event) return event;
        event = begin_event(line);
      } else if (line.starts_with("L ") && event) {
        event->lines.push_back(line.substr(2));
      }
      ++next_line_;
    }
  }

 private:
  static TracedEvent begin_event(const std::string& line) {
    std::istringstream words(line.substr(2));
    TracedEvent event;
    words >> event.event >> event.hash;
    return event;
  }

  bool refill() {
    lines_.clear();
    next_line_ = 0;
    while (lines_.empty()) {
      if (!process_.read_lines(lines_)) return false;
    }
    return true;
  }

  HashProcess process_;
  std::vector<std::string> lines_;
  size_t next_line_ = 0;
};

std::vector<TracedEvent> read_from(std::optional<TracedEvent> event, EventReader& reader) {
  std::vector<TracedEvent> events;
  for (; event && events.size() < kEventsFrom; event = reader.next())
    events.push_back(std::move(*event));
  return events;
}

std::optional<Divergence> compare(EventReader& first, EventReader& second) {
  std::deque<TracedEvent> common;
  while (true) {
    auto a = first.next();
    auto b = second.next();
    if (!a && !b) return std::nullopt;
    if (a == b) {
      common.push_back(std::move(*a));
      if (common.size() > kEventsBefore) common.pop_front();
      continue;
    }
    Divergence divergence{.common = {common.begin(), common.end()}, .first = {}, .second = {}};
    divergence.event = a ? a->event : b->event;
    divergence.first = read_from(std::move(a), first);
    divergence.second = read_from(std::move(b), second);
    return divergence;
  }
}

std::optional<Divergence> compare_processes(const DivergenceSearch& search, SeedRange upwards,
                                            SeedRange downwards) {
  HashJob job{.executable = search.executable,
              .scenario = search.scenario,
              .seeds = upwards,
              .side = HashSide::kFirst,
              .planted = search.planted,
              .trace_last = true};
  auto first = HashProcess::start(job);
  job.seeds = downwards;
  job.side = HashSide::kSecond;
  auto second = HashProcess::start(job);
  if (!first || !second) return std::nullopt;
  EventReader first_events(std::move(*first));
  EventReader second_events(std::move(*second));
  return compare(first_events, second_events);
}

}  // namespace

std::optional<Divergence> find_divergence(const DivergenceSearch& search) {
  const SeedRange alone{search.seed, search.seed};
  if (auto divergence = compare_processes(search, alone, alone)) return divergence;
  auto divergence = compare_processes(search, {search.seeds.first, search.seed},
                                      {search.seed, search.seeds.last});
  if (divergence) divergence->needs_predecessors = true;
  return divergence;
}

}  // namespace squall::commands
