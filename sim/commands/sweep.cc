#include "sim/commands/sweep.h"

#include <absl/container/flat_hash_set.h>

#include <chrono>
#include <cstring>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/summary.h"
#include "sim/commands/exit_status.h"
#include "sim/commands/seed_run.h"
#include "sim/commands/worker_pool.h"

namespace squall::commands {
namespace {

using reports::RunRecord;

// The seeds of a sweep in their order, each with every scenario, without those done before.
class SeedQueue {
 public:
  SeedQueue(const SweepSettings& settings, std::vector<const ScenarioRow*> scenarios)
      : scenarios_(std::move(scenarios)),
        shard_(settings.shard),
        next_seed_(settings.first_seed),
        last_seed_(settings.last_seed.value_or(kMaxSeed)) {
    find_seed();
  }

  void skip(size_t scenario, uint64_t seed) { done_.insert({scenario, seed}); }
  const ScenarioRow& scenario(size_t index) const { return *scenarios_[index]; }
  size_t scenarios() const { return scenarios_.size(); }

  std::optional<std::pair<size_t, uint64_t>> next() {
    while (next_seed_ <= last_seed_) {
      const std::pair<size_t, uint64_t> run{next_scenario_, next_seed_};
      if (++next_scenario_ == scenarios_.size()) {
        next_scenario_ = 0;
        ++next_seed_;
        find_seed();
      }
      if (!done_.contains(run)) return run;
    }
    return std::nullopt;
  }

 private:
  void find_seed() {
    while (next_seed_ <= last_seed_ && !shard_.holds(next_seed_)) ++next_seed_;
  }

  std::vector<const ScenarioRow*> scenarios_;
  Shard shard_;
  uint64_t next_seed_;
  uint64_t last_seed_;
  size_t next_scenario_ = 0;
  absl::flat_hash_set<std::pair<size_t, uint64_t>> done_;
};

class Sweep {
 public:
  Sweep(const System& system, Console& console, ResultLog& log, const SweepOptions& options)
      : system_(system),
        console_(console),
        log_(log),
        options_(options),
        seeds_(log.settings(), find_scenarios()) {
    // A run names only the probes that it hit.
    for (const NamedRow& probe : system.probes)
      all_.probes[probe.name] = swarm_.probes[probe.name] = 0;
  }

  int run() {
    add_earlier();
    JobQueue queue{
        .next = [this] { return next_job(); },
        .answered = [this](const Job& job, const Answer& answer) { answered(job, answer); },
        .tick = [this] { show_progress(); }};
    pool_ = run_jobs(
        {.workers = options_.jobs},
        [this](const Job& job) { return encode_outcome(run_seed(system_, seed_run(job))); }, queue);
    all_.wall_s = elapsed_s();
    return finish();
  }

 private:
  // A job's kind is its scenario's index.
  SeedRun seed_run(const Job& job) const {
    const ScenarioRow& scenario = seeds_.scenario(job.kind);
    const auto& defects = log_.settings().defects;
    return {.scenario = &scenario,
            .seed = job.seed,
            .defects = defects,
            .capsule_path = capsule_path(log_.capsules_folder(), scenario, job.seed, defects),
            .options = {}};
  }

  std::vector<const ScenarioRow*> find_scenarios() const {
    std::vector<const ScenarioRow*> rows;
    for (const std::string& name : log_.settings().scenarios)
      rows.push_back(system_.find_scenario(name));
    return rows;
  }

  void add_earlier() {
    for (const RunRecord& record : log_.take_earlier()) {
      for (size_t i = 0; i < seeds_.scenarios(); ++i) {
        if (seeds_.scenario(i).name == record.result.scenario) seeds_.skip(i, record.result.seed);
      }
      add(record);
    }
    if (all_.runs > 0 && !options_.json)
      console_.print("going on after {} runs in {}\n", all_.runs, log_.folder());
  }

  std::optional<Job> next_job() {
    if (log_error_ || time_is_up() || too_many_failures()) return std::nullopt;
    const auto run = seeds_.next();
    if (!run) return std::nullopt;
    return Job{run->first, run->second};
  }

  void answered(const Job& job, const Answer& answer) {
    const SeedRunOutcome outcome = answer.kind == Answer::Kind::kAnswered
                                       ? decode_outcome(answer.text)
                                       : lost_outcome(system_, seed_run(job), answer);
    if (new_signature(outcome.record)) std::fputs(answer.noise.c_str(), console_.err());
    note_output_error(outcome.output_error);
    keep(outcome.record);
  }

  void keep(const RunRecord& record) {
    if (log_error_) return;
    const std::string line = reports::to_json_line(record);
    if (const auto appended = log_.append(line); !appended) {
      log_error_ = appended.error();
      return;
    }
    if (options_.json) console_.write(line + "\n");
    if (!options_.json && new_signature(record)) console_.write(announcement(record));
    add(record);
  }

  void add(const RunRecord& record) {
    all_.add(record);
    if (record.result.scenario == "swarm") swarm_.add(record);
    if (record.result.verdict != sim::Verdict::kHeld) signatures_.insert(record.result.signature);
  }

  bool new_signature(const RunRecord& record) const {
    return record.result.verdict != sim::Verdict::kHeld &&
           !signatures_.contains(record.result.signature);
  }

  static std::string announcement(const RunRecord& record) {
    return fmt::format("{} {}: {} seed {}, {}\n", sim::to_string(record.result.verdict),
                       record.result.signature, record.result.scenario, record.result.seed,
                       record.capsule.empty() ? "no capsule" : record.capsule);
  }

  void note_output_error(const std::string& error) {
    if (error.empty() || !output_error_.empty()) return;
    output_error_ = error;
    console_.complain("no capsule: " + error + "; free space or name another --out");
  }

  void show_progress() {
    console_.progress(fmt::format("{} runs, {} violated, {} errors, {:.0f} s", all_.runs,
                                  all_.violated, all_.errors, elapsed_s()));
  }

  double elapsed_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  bool time_is_up() const {
    return log_.settings().time_s && elapsed_s() >= *log_.settings().time_s;
  }
  bool too_many_failures() const {
    return options_.max_failures > 0 && all_.runs - all_.held >= options_.max_failures;
  }

  // What a sweep of clean seeds left untouched; a large one must not.
  std::vector<std::string> untouched() const {
    if (swarm_.runs == 0 || !log_.settings().defects.empty()) return {};
    return reports::never_happened(swarm_);
  }
  bool is_large() const { return swarm_.runs >= system_.coverage_runs; }

  int finish() {
    const std::vector<std::string> never = untouched();
    const std::string line = reports::to_json_line(all_, never);
    if (options_.json) {
      console_.write(line + "\n");
    } else {
      console_.write(reports::summary_text(all_, console_.style()));
      if (swarm_.runs > 0) console_.write(reports::swarm_figures_text(swarm_));
      console_.print("results: {}/results.jsonl\n", log_.folder());
    }
    report_troubles(never);
    return status(never);
  }

  void report_troubles(const std::vector<std::string>& never) {
    if (log_error_) console_.complain(log_error_->message);
    if (pool_.fork_error != 0) {
      console_.complain(fmt::format("can't start a worker: {}; try fewer --jobs",
                                    std::strerror(pool_.fork_error)));
    }
    if (pool_.interrupted) {
      console_.complain(
          fmt::format("interrupted; {} runs are kept, go on with: ./squall sweep --out {} --resume",
                      all_.runs, log_.folder()));
    }
    if (too_many_failures()) {
      console_.complain(fmt::format("stopped at {} failures; --max-failures sets the bound",
                                    all_.runs - all_.held));
    }
    if (pool_.workers_replaced_for_size > 0) {
      console_.complain(
          fmt::format("{} times a worker grew beyond 300 MiB and was replaced; look for a leak",
                      pool_.workers_replaced_for_size));
    }
    if (!is_large() && !never.empty() && !options_.json) {
      console_.print("never hit: {}\n", fmt::join(never, ", "));
    }
    for (const std::string& name : is_large() ? never : std::vector<std::string>()) {
      console_.complain(fmt::format(
          "{} never came up in {} swarm runs; a sweep that can't see it proves nothing of it", name,
          swarm_.runs));
    }
  }

  int status(const std::vector<std::string>& never) const {
    if (pool_.interrupted) return kExitInterrupted;
    if (all_.violated > 0 || (is_large() && !never.empty())) return kExitViolated;
    const bool failed =
        all_.errors > 0 || log_error_ || pool_.fork_error != 0 || !output_error_.empty();
    return failed ? kExitFailed : kExitHeld;
  }

  const System& system_;
  Console& console_;
  ResultLog& log_;
  const SweepOptions& options_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  SeedQueue seeds_;
  reports::Summary all_;
  reports::Summary swarm_;
  std::set<std::string> signatures_;
  std::optional<LogError> log_error_;
  std::string output_error_;
  PoolReport pool_;
};

}  // namespace

int sweep(const System& system, Console& console, ResultLog& log, const SweepOptions& options) {
  return Sweep(system, console, log, options).run();
}

}  // namespace squall::commands
