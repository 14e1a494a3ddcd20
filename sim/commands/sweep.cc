#include "sim/commands/sweep.h"

#include <absl/container/flat_hash_set.h>

#include <utility>

#include <fmt/format.h>

#include "reports/run_text.h"
#include "reports/summary.h"
#include "reports/text_table.h"
#include "sim/commands/sweep_results.h"

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
        results_(system, console, log, options),
        seeds_(log.settings(), find_scenarios()) {
    swarm_.probes = results_.sum().probes;
  }

  int run() {
    add_earlier();
    JobQueue queue{
        .next = [this] { return next_job(); },
        .answered = [this](const Job& job, const Answer& answer) { answered(job, answer); },
        .tick = [this] { results_.show_progress("runs"); }};
    pool_ = run_jobs(
        {.workers = options_.jobs},
        [this](const Job& job) { return encode_outcome(run_seed(system_, seed_run(job))); }, queue);
    results_.sum().wall_s = results_.elapsed_s();
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
      results_.add_earlier(record);
      note_swarm(record);
    }
    if (results_.sum().runs > 0 && !options_.json) {
      console_.print("going on after {} in {}\n", reports::counted(results_.sum().runs, "run"),
                     log_.folder());
    }
  }

  std::optional<Job> next_job() {
    if (time_is_up() || results_.must_end()) return std::nullopt;
    const auto run = seeds_.next();
    if (!run) return std::nullopt;
    return Job{run->first, run->second};
  }

  void answered(const Job& job, const Answer& answer) {
    const SeedRunOutcome outcome = answer.kind == Answer::Kind::kAnswered
                                       ? decode_outcome(answer.text)
                                       : lost_outcome(system_, seed_run(job), answer);
    if (results_.keep(outcome, answer.noise)) note_swarm(outcome.record);
  }

  void note_swarm(const RunRecord& record) {
    if (record.result.scenario == "swarm") swarm_.add(record);
  }

  bool time_is_up() const {
    return log_.settings().time_s && results_.elapsed_s() >= *log_.settings().time_s;
  }

  // What a sweep of clean seeds left untouched; a large one must not.
  std::vector<std::string> untouched() const {
    if (swarm_.runs == 0 || !log_.settings().defects.empty()) return {};
    return reports::never_happened(swarm_);
  }
  bool is_large() const { return swarm_.runs >= system_.coverage_runs; }

  int finish() {
    const std::vector<std::string> never = untouched();
    const std::string line = reports::to_json_line(results_.sum(), never);
    if (options_.json) {
      console_.write(line + "\n");
    } else {
      console_.write(reports::summary_text(results_.sum(), console_.style()));
      if (swarm_.runs > 0) console_.write(reports::swarm_figures_text(swarm_));
      console_.print("results: {}/results.jsonl\n", log_.folder());
    }
    report_untouched(never);
    results_.report_troubles(pool_);
    return results_.status(pool_, is_large() && !never.empty(), false);
  }

  void report_untouched(const std::vector<std::string>& never) {
    if (!is_large()) {
      if (!never.empty() && !options_.json) console_.write(reports::never_text(never));
      return;
    }
    for (const std::string& name : never) {
      console_.complain(fmt::format(
          "{} never came up in {} swarm runs; a sweep that can't see it proves nothing of it", name,
          swarm_.runs));
    }
  }

  const System& system_;
  Console& console_;
  ResultLog& log_;
  const SweepOptions& options_;
  SweepResults results_;
  SeedQueue seeds_;
  reports::Summary swarm_;
  PoolReport pool_;
};

}  // namespace

int sweep(const System& system, Console& console, ResultLog& log, const SweepOptions& options) {
  return Sweep(system, console, log, options).run();
}

}  // namespace squall::commands
