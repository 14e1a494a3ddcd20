#include "sim/commands/exhaustive.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "reports/run_text.h"
#include "sim/commands/fault_cells.h"
#include "sim/commands/sweep_results.h"

namespace squall::commands {
namespace {

constexpr uint64_t kEnumerate = UINT64_MAX;  // the job that only counts a scenario's cells

struct Grid {
  const ScenarioRow* scenario = nullptr;
  std::unique_ptr<FaultCells> cells;  // made by each worker for itself
  uint64_t singles = 0;
  uint64_t pairs = 0;
  uint64_t next = 0;
  uint64_t run = 0;
};

class Exhaustion {
 public:
  Exhaustion(const System& system, Console& console, ResultLog& log, const SweepOptions& options)
      : system_(system),
        console_(console),
        log_(log),
        options_(options),
        results_(system, console, log, options) {
    for (const std::string& name : log.settings().scenarios) {
      grids_.emplace_back().scenario = system.find_scenario(name);
    }
  }

  int run() {
    JobQueue queue{
        .next = [this] { return next_job(); },
        .answered = [this](const Job& job, const Answer& answer) { answered(job, answer); },
        .tick = [this] { results_.show_progress("cells"); }};
    pool_ = run_jobs(
        {.workers = options_.jobs}, [this](const Job& job) { return work(job); }, queue);
    results_.sum().wall_s = results_.elapsed_s();
    return finish();
  }

 private:
  // --- in a worker ---

  FaultCells& cells(Grid& grid) {
    if (!grid.cells) {
      plant(system_, log_.settings().defects);
      const sim::Plan plan = grid.scenario->make_plan(log_.settings().first_seed);
      grid.cells = std::make_unique<FaultCells>(plan, system_.run, kMostPairs);
    }
    return *grid.cells;
  }

  std::string work(const Job& job) {
    Grid& grid = grids_[job.kind];
    if (job.seed == kEnumerate)
      return fmt::format("{} {}", cells(grid).singles(), cells(grid).pairs());
    SeedRunOutcome outcome = run_plan(system_, seed_run(job), cells(grid).plan(job.seed));
    outcome.record.cell = cells(grid).describe(job.seed);
    return encode_outcome(outcome);
  }

  // --- in the parent ---

  SeedRun seed_run(const Job& job) const {
    const ScenarioRow& scenario = *grids_[job.kind].scenario;
    return {.scenario = &scenario,
            .seed = log_.settings().first_seed,
            .defects = log_.settings().defects,
            .capsule_path =
                fmt::format("{}/{}-cell-{}.json", log_.capsules_folder(), scenario.name, job.seed),
            .options = {}};
  }

  // Each scenario's cells are counted before the first is run.
  std::optional<Job> next_job() {
    if (failed_to_enumerate_ || results_.must_end()) return std::nullopt;
    if (asked_ < grids_.size()) return Job{asked_++, kEnumerate};
    if (counted_ < grids_.size()) return std::nullopt;
    for (size_t i = 0; i < grids_.size(); ++i) {
      Grid& grid = grids_[i];
      while (grid.next < grid.singles + grid.pairs) {
        const uint64_t cell = grid.next++;
        if (log_.settings().shard.holds(cell + 1)) return Job{i, cell};
      }
    }
    return std::nullopt;
  }

  void answered(const Job& job, const Answer& answer) {
    Grid& grid = grids_[job.kind];
    const bool lost = answer.kind != Answer::Kind::kAnswered;
    if (job.seed == kEnumerate) {
      failed_to_enumerate_ = failed_to_enumerate_ || lost;
      if (lost) {
        const Job first_cell{job.kind, 0};
        results_.keep(lost_outcome(system_, seed_run(first_cell), answer), answer.noise);
        return;
      }
      std::sscanf(answer.text.c_str(), "%lu %lu", &grid.singles, &grid.pairs);
      ++counted_;
      return;
    }
    ++grid.run;
    results_.keep(lost ? lost_cell(job, answer) : decode_outcome(answer.text), answer.noise);
  }

  // The capsule of a cell that killed its worker is made in a child, which enumerates the cells for
  // itself.
  SeedRunOutcome lost_cell(const Job& job, const Answer& answer) {
    Grid& grid = grids_[job.kind];
    ScenarioRow cell = *grid.scenario;
    cell.make_plan = [&](uint64_t) { return cells(grid).plan(job.seed); };
    SeedRun run = seed_run(job);
    run.scenario = &cell;
    SeedRunOutcome outcome = lost_outcome(system_, run, answer);
    outcome.record.cell = fmt::format("cell {}", job.seed);
    return outcome;
  }

  std::string json_summary() const {
    auto json = nlohmann::ordered_json::parse(reports::to_json_line(results_.sum(), {}));
    auto& cells = json["cells"] = nlohmann::ordered_json::array();
    for (const Grid& grid : grids_) {
      cells.push_back({{"scenario", grid.scenario->name},
                       {"singles", grid.singles},
                       {"pairs", grid.pairs},
                       {"run", grid.run}});
    }
    return json.dump() + "\n";
  }

  int finish() {
    if (options_.json) {
      console_.write(json_summary());
    } else {
      console_.write(reports::summary_text(results_.sum(), console_.style()));
      for (const Grid& grid : grids_) {
        console_.print("{}: {} single faults and {} pairs enumerated, {} cells run\n",
                       grid.scenario->name, grid.singles, grid.pairs, grid.run);
      }
      console_.print("results: {}/results.jsonl\n", log_.folder());
    }
    results_.report_troubles(pool_);
    return results_.status(pool_, false, failed_to_enumerate_);
  }

  const System& system_;
  Console& console_;
  ResultLog& log_;
  const SweepOptions& options_;
  SweepResults results_;
  std::vector<Grid> grids_;
  size_t asked_ = 0;    // scenarios whose cells are being counted or were
  size_t counted_ = 0;  // … were
  bool failed_to_enumerate_ = false;
  PoolReport pool_;
};

}  // namespace

int exhaustive(const System& system, Console& console, ResultLog& log,
               const SweepOptions& options) {
  return Exhaustion(system, console, log, options).run();
}

}  // namespace squall::commands
