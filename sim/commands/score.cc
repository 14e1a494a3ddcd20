#include "sim/commands/score.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "sim/commands/arguments.h"
#include "sim/commands/seed_run.h"
#include "sim/commands/worker_pool.h"

namespace squall::commands {
namespace {

// One defect after the other, so that each figure is that of plain seeds in their order. Answers
// come out of order: a seed counts once all before it are in.
class DefectSearch {
 public:
  DefectSearch(const DefectRow& defect, const ScoreOptions& options)
      : next_(options.first_seed), counted_(options.first_seed) {
    last_ = std::min(kMaxSeed, options.first_seed + (options.max_seeds - 1));
    row_.defect = &defect;
  }

  std::optional<uint64_t> next_seed() {
    if (failed_at_ || next_ > last_) return std::nullopt;
    return next_++;
  }

  void add(uint64_t seed, reports::RunRecord record) {
    if (record.result.verdict == sim::Verdict::kViolated)
      failed_at_ = std::min(seed, failed_at_.value_or(seed));
    waiting_.emplace(seed, std::move(record));
    while (!row_.found && !waiting_.empty() && waiting_.begin()->first == counted_) {
      count(std::move(waiting_.begin()->second));
      waiting_.erase(waiting_.begin());
      ++counted_;
    }
  }

  const ScoreRow& row() const { return row_; }

  // Workers ran ahead of the seed that found the defect: what they found besides is not kept.
  void remove_spare_capsules() const {
    for (const auto& [seed, record] : waiting_) {
      if (!record.capsule.empty()) std::remove(record.capsule.c_str());
    }
  }

 private:
  void count(reports::RunRecord record) {
    ++row_.seeds_tried;
    row_.cpu_s += record.result.cpu_ms / 1000;
    row_.errors += record.result.verdict == sim::Verdict::kError;
    if (record.result.verdict != sim::Verdict::kViolated) return;
    const auto& expected = row_.defect->expected_invariants;
    row_.expected =
        std::find(expected.begin(), expected.end(), record.result.invariant) != expected.end();
    row_.found = std::move(record);
  }

  ScoreRow row_;
  uint64_t next_;
  uint64_t last_;
  uint64_t counted_;  // all seeds before this one are in the row
  std::optional<uint64_t> failed_at_;
  std::map<uint64_t, reports::RunRecord> waiting_;
};

}  // namespace

ScoreEnd score(const System& system, const ScenarioRow& scenario,
               const std::vector<const DefectRow*>& defects, const ScoreOptions& options,
               const std::function<void(const ScoreRow&)>& show) {
  ScoreEnd end;
  for (const DefectRow* defect : defects) {
    DefectSearch search(*defect, options);
    auto seed_run = [&](const Job& job) {
      const std::vector<std::string> planted{std::string(defect->name)};
      return SeedRun{
          .scenario = &scenario,
          .seed = job.seed,
          .defects = planted,
          .capsule_path = capsule_path(options.capsule_folder, scenario, job.seed, planted),
          .options = {}};
    };
    JobQueue queue{.next = [&]() -> std::optional<Job> {
                     const auto seed = search.next_seed();
                     return seed ? std::optional(Job{0, *seed}) : std::nullopt;
                   },
                   .answered =
                       [&](const Job& job, const Answer& answer) {
                         const SeedRunOutcome outcome =
                             answer.kind == Answer::Kind::kAnswered
                                 ? decode_outcome(answer.text)
                                 : lost_outcome(system, seed_run(job), answer);
                         if (end.output_error.empty()) end.output_error = outcome.output_error;
                         search.add(job.seed, outcome.record);
                       },
                   .tick = nullptr};
    const PoolReport report = run_jobs(
        {.workers = options.jobs},
        [&](const Job& job) { return encode_outcome(run_seed(system, seed_run(job))); }, queue);
    search.remove_spare_capsules();
    end.interrupted = report.interrupted;
    end.fork_error = report.fork_error;
    if (report.interrupted || report.fork_error != 0) return end;
    end.rows.push_back(search.row());
    show(search.row());
  }
  return end;
}

}  // namespace squall::commands
