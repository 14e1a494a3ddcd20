#include "sim/commands/sweep_results.h"

#include <cstdio>

#include <fmt/format.h>

#include "reports/text_table.h"
#include "sim/commands/exit_status.h"

namespace squall::commands {
namespace {

using reports::RunRecord;

std::string announcement(const RunRecord& record) {
  const sim::RunResult& result = record.result;
  return fmt::format("{} {}: {} {}, {}\n", sim::to_string(result.verdict), result.signature,
                     result.scenario,
                     record.cell.empty() ? fmt::format("seed {}", result.seed) : record.cell,
                     record.capsule.empty() ? "no capsule" : record.capsule);
}

}  // namespace

SweepResults::SweepResults(const System& system, Console& console, ResultLog& log,
                           const SweepOptions& options)
    : console_(console), log_(log), options_(options) {
  // A run names only the probes that it hit.
  for (const NamedRow& probe : system.probes) sum_.probes[probe.name] = 0;
}

void SweepResults::add_earlier(const RunRecord& record) {
  sum_.add(record);
  if (record.result.verdict != sim::Verdict::kHeld) signatures_.insert(record.result.signature);
}

bool SweepResults::keep(const SeedRunOutcome& outcome, const std::string& noise) {
  const RunRecord& record = outcome.record;
  const bool is_new = is_new_failure(record);
  if (is_new) std::fputs(noise.c_str(), console_.err());
  note_output_error(outcome.output_error);
  if (log_error_) return false;
  const std::string line = reports::to_json_line(record);
  if (const auto appended = log_.append(line); !appended) {
    log_error_ = appended.error();
    return false;
  }
  if (options_.json) console_.write(line + "\n");
  if (!options_.json && is_new) console_.write(announcement(record));
  add_earlier(record);
  return true;
}

bool SweepResults::is_new_failure(const RunRecord& record) const {
  return record.result.verdict != sim::Verdict::kHeld &&
         !signatures_.contains(record.result.signature);
}

bool SweepResults::has_too_many_failures() const {
  return options_.max_failures > 0 && sum_.runs - sum_.held >= options_.max_failures;
}

void SweepResults::note_output_error(const std::string& error) {
  if (error.empty() || !output_error_.empty()) return;
  output_error_ = error;
  console_.complain("no capsule: " + error + "; free space or name another --out");
}

double SweepResults::elapsed_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void SweepResults::show_progress(const char* what) const {
  console_.progress(fmt::format("{} {}, {} violated, {} errors, {:.0f} s", sum_.runs, what,
                                sum_.violated, sum_.errors, elapsed_s()));
}

void SweepResults::report_troubles(const PoolReport& pool) const {
  if (log_error_) console_.complain(log_error_->message);
  if (pool.fork_error != 0) console_.complain(fork_error_text(pool.fork_error));
  if (pool.interrupted) {
    console_.complain(fmt::format(
        "interrupted; {} are kept, {}", reports::counted(sum_.runs, "run"),
        options_.exhaustive
            ? "but an exhaustive sweep begins anew"
            : fmt::format("go on with: ./squall sweep --out {} --resume", log_.folder())));
  }
  if (has_too_many_failures()) {
    console_.complain(fmt::format("stopped at {} failures; --max-failures sets the bound",
                                  sum_.runs - sum_.held));
  }
  if (pool.workers_replaced_for_size > 0) {
    console_.complain(
        fmt::format("{} times a worker grew beyond 300 MiB and was replaced; look for a leak",
                    pool.workers_replaced_for_size));
  }
}

int SweepResults::status(const PoolReport& pool, bool violated, bool failed) const {
  if (pool.interrupted) return kExitInterrupted;
  if (sum_.violated > 0 || violated) return kExitViolated;
  const bool any_failed = failed || sum_.errors > 0 || log_error_.has_value() ||
                          pool.fork_error != 0 || !output_error_.empty();
  return any_failed ? kExitFailed : kExitHeld;
}

}  // namespace squall::commands
