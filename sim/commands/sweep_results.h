// What a sweep keeps and says, be it of seeds or of cells: each record in the log and on the
// console as it comes, their sum, and whatever went wrong besides.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "reports/summary.h"
#include "sim/commands/console.h"
#include "sim/commands/result_log.h"
#include "sim/commands/seed_run.h"
#include "sim/commands/sweep.h"
#include "sim/commands/worker_pool.h"

namespace squall::commands {

class SweepResults {
 public:
  SweepResults(const System& system, Console& console, ResultLog& log, const SweepOptions& options);

  reports::Summary& sum() { return sum_; }
  const reports::Summary& sum() const { return sum_; }

  // Of an earlier process: the log has it already.
  void add_earlier(const reports::RunRecord& record);
  // False when the log refused it, which ends the sweep. `noise`: what the run's worker said as it
  // died; shown once a signature.
  bool keep(const SeedRunOutcome& outcome, const std::string& noise);
  // Nothing further is begun: the log fails, or there are failures enough.
  bool must_end() const { return log_error_.has_value() || has_too_many_failures(); }

  double elapsed_s() const;
  void show_progress(const char* what) const;  // "runs", "cells"

  // What ended the sweep early, and what went wrong in it.
  void report_troubles(const PoolReport& pool) const;
  // The exit status; `violated` and `failed` say what is known besides the records.
  int status(const PoolReport& pool, bool violated, bool failed) const;

 private:
  bool has_too_many_failures() const;
  bool is_new_failure(const reports::RunRecord& record) const;
  void note_output_error(const std::string& error);

  Console& console_;
  ResultLog& log_;
  const SweepOptions& options_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  reports::Summary sum_;
  std::set<std::string> signatures_;
  std::optional<LogError> log_error_;
  std::string output_error_;  // of the first capsule that could not be written
};

}  // namespace squall::commands
