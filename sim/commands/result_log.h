// A sweep's folder: DIR/sweep.json (what was asked for), DIR/results.jsonl (a run record a line,
// appended as they come) and DIR/capsules/. A sweep that was cut off at any byte goes on from what
// is there.
//
// sweep.json: {"scenarios": [names], "first_seed": n, "last_seed": n or null (until the time is
// up), "time_s": n or null, "shard": "i/n", "exhaustive": bool, "defects": [names], "build": text,
// "sqlite": text}
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "reports/run_record.h"
#include "sim/commands/arguments.h"

namespace squall::commands {

struct SweepSettings {
  std::vector<std::string> scenarios;
  uint64_t first_seed = 1;
  std::optional<uint64_t> last_seed;
  std::optional<double> time_s;
  Shard shard;
  bool exhaustive = false;
  std::vector<std::string> defects;
  std::string build;
  std::string sqlite;
};

struct LogError {
  int status;  // to exit with
  std::string message;
};

class ResultLog {
 public:
  // A new folder, or one without results. Both fail while another sweep is at work in it.
  static tl::expected<ResultLog, LogError> create(const std::string& folder,
                                                  const SweepSettings& settings);
  // One with results; a last line that was cut off is dropped.
  static tl::expected<ResultLog, LogError> resume(const std::string& folder);

  ResultLog(ResultLog&& other) noexcept;
  ~ResultLog();

  const std::string& folder() const { return folder_; }
  std::string capsules_folder() const { return folder_ + "/capsules"; }
  const SweepSettings& settings() const { return settings_; }
  // Of this process; sweep.json stays as it was.
  void set_settings(SweepSettings settings) { settings_ = std::move(settings); }
  // What a resumed sweep had; handed over once.
  std::vector<reports::RunRecord> take_earlier() { return std::move(earlier_); }

  // One record's line, without its end. When it fails (a full disk), the lines before it stay
  // whole.
  tl::expected<void, LogError> append(const std::string& line);

 private:
  ResultLog(std::string folder, SweepSettings settings)
      : folder_(std::move(folder)), settings_(std::move(settings)) {}
  tl::expected<void, LogError> lock_folder();
  tl::expected<void, LogError> open_results();
  tl::expected<void, LogError> read_earlier();

  std::string folder_;
  SweepSettings settings_;
  std::vector<reports::RunRecord> earlier_;
  int fd_ = -1;
  int lock_fd_ = -1;  // the folder itself: nothing is left behind by a sweep that was killed
};

}  // namespace squall::commands
