// What happened, event by event: a rolling hash that is always on and, only when someone listens,
// lines of text. Two runs are the same run exactly when their hashes are.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "sim/keyed_hash.h"

namespace squall::sim {

class Trace {
 public:
  using LineSink = std::function<void(std::string_view line)>;
  using HashSink = std::function<void(uint64_t event, uint64_t hash)>;

  Trace(LineSink lines, HashSink hashes) : lines_(std::move(lines)), hashes_(std::move(hashes)) {}

  // One event of the loop begins.
  void begin_event(int64_t time_us, uint64_t tie) {
    time_us_ = time_us;
    ++events_;
    hash_ = mix64(hash_ ^ static_cast<uint64_t>(time_us), tie);
    if (hashes_) hashes_(events_, hash_);
  }
  // Something that this event did, as numbers: into the hash.
  void note(uint64_t a, uint64_t b) { hash_ = mix64(hash_ ^ a, b); }
  // The same for people; the arguments are formatted only when someone listens.
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    if (!lines_) return;
    emit(fmt::format(format, std::forward<Args>(args)...));
  }

  uint64_t events() const { return events_; }
  uint64_t hash() const { return hash_; }

 private:
  void emit(std::string_view text) {
    lines_(fmt::format("{:>10} {:>14.3f}ms  {}", events_, static_cast<double>(time_us_) / 1000.0,
                       text));
  }

  LineSink lines_;
  HashSink hashes_;
  int64_t time_us_ = 0;
  uint64_t events_ = 0;
  uint64_t hash_ = 0;
};

}  // namespace squall::sim
