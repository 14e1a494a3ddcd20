#include "sim/commands/bench.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "sim/commands/child.h"
#include "sim/commands/seed_run.h"

namespace squall::commands {
namespace {

using Show = std::function<void(const BenchFigure&)>;

enum class Under : uint8_t { kBare, kWithoutOracles, kAllOracles };
constexpr Under kUnders[] = {Under::kBare, Under::kWithoutOracles, Under::kAllOracles};

const char* name_of(Under under) {
  constexpr const char* kNames[] = {"bare", "without oracles", "all oracles"};
  return kNames[static_cast<size_t>(under)];
}

struct CommitCase {
  CommitKind kind;
  uint32_t actors;
  uint32_t commits_per_actor;  // enough for several compactions of each actor
  int turns;
  std::optional<double> bars[3];  // ratios, by Under
};

// The bars are those that the project has set itself.
const CommitCase kCommitCases[] = {
    {CommitKind::kOnePage, 1, 20'000, 5, {{}, 12, 18}},
    {CommitKind::kOnePage, 100, 200, 3, {{}, 7, 11}},
    {CommitKind::kOnePage, 1000, 70, 3, {{}, 6, 9}},
    {CommitKind::kIndexedText, 1, 4'000, 3, {}},
    {CommitKind::kIndexedText, 100, 70, 3, {}},
    {CommitKind::kIndexedText, 1000, 70, 1, {}},
};
constexpr double kLeastSeedsPerCoreMinute = 5000;
constexpr double kMostSwarmMib = 300;
constexpr double kMostTimesData = 12;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Measured {
  double cpu_s = 0;
  uint64_t count = 0;  // commits, or whatever the caller counts
};

// Runs in a child; the answer is its figures, or "!" and what went wrong.
tl::expected<std::vector<double>, BenchError> in_child(const std::string& what,
                                                       uint64_t* peak_bytes,
                                                       const std::function<std::string()>& work) {
  const ChildEnd end = run_in_child(work);
  if (!end.answered) return tl::unexpected(what + ": the process died");
  if (end.text.starts_with("!")) return tl::unexpected(what + ": " + end.text.substr(1));
  if (peak_bytes != nullptr) *peak_bytes = end.peak_bytes;
  std::istringstream words(end.text);
  std::vector<double> figures;
  for (double figure; words >> figure;) figures.push_back(figure);
  return figures;
}

// In a child. Nothing after setting `error` when the run did not hold.
std::optional<sim::RunResult> run_plan(const System& system, const sim::Plan& plan,
                                       std::string& error) {
  const double start_s = process_cpu_s();
  sim::RunResult result = system.run(plan, {});
  result.cpu_ms = (process_cpu_s() - start_s) * 1000;
  if (result.verdict == sim::Verdict::kHeld) return result;
  error = fmt::format("!{}: {}", result.signature, result.message);
  return std::nullopt;
}

// The same load again and again, so that the clock's step (up to 4 ms of CPU) is small beside it.
std::optional<double> run_bare_often(const CommitLoad& load) {
  constexpr uint32_t kEnoughCommits = 400'000;
  const uint32_t times = kEnoughCommits / (load.actors * load.commits_per_actor) + 1;
  double cpu_s = 0;
  for (uint32_t run = 0; run < times; ++run) {
    const auto one_cpu_s = run_bare(load);
    if (!one_cpu_s) return std::nullopt;
    cpu_s += *one_cpu_s;
  }
  return cpu_s / times;
}

// In a child: CPU us a commit, as the difference between a run and one of twice the commits.
std::string commit_cost(const System& system, CommitLoad load, Under under) {
  std::vector<Measured> runs;
  const uint32_t commits = load.commits_per_actor;
  for (uint32_t run_commits : {commits / 4, commits, commits * 2}) {  // the first warms up
    load.commits_per_actor = run_commits;
    const uint64_t count = uint64_t{load.actors} * load.commits_per_actor;
    if (under == Under::kBare) {
      const auto cpu_s = run_bare_often(load);
      if (!cpu_s) return "!SQLite failed, or did not commit by atomic batches";
      runs.push_back({*cpu_s, count});
      continue;
    }
    std::string error;
    const auto result = run_plan(system, commit_plan(load, under == Under::kAllOracles), error);
    if (!result) return error;
    if (result->commits < count)
      return fmt::format("!{} commits instead of {}", result->commits, count);
    runs.push_back({result->cpu_ms / 1000, result->commits});
  }
  return fmt::format("{}", (runs[2].cpu_s - runs[1].cpu_s) * 1e6 /
                               static_cast<double>(runs[2].count - runs[1].count));
}

tl::expected<void, BenchError> bench_commits(const System& system, const CommitCase& commit_case,
                                             const Show& show) {
  const char* kind =
      commit_case.kind == CommitKind::kOnePage ? "one-page commit" : "indexed-text commit";
  std::vector<double> cost_us[3];
  std::vector<double> ratios[3];
  for (int turn = 0; turn < commit_case.turns; ++turn) {
    for (Under under : kUnders) {
      const auto i = static_cast<size_t>(under);
      const CommitLoad load{commit_case.kind, commit_case.actors, commit_case.commits_per_actor};
      const auto figures =
          in_child(fmt::format("{}, {} actors, {}", kind, load.actors, name_of(under)), nullptr,
                   [&] { return commit_cost(system, load, under); });
      if (!figures) return tl::unexpected(figures.error());
      cost_us[i].push_back(figures->at(0));
      ratios[i].push_back(figures->at(0) / cost_us[0].back());
    }
  }
  for (Under under : kUnders) {
    const auto i = static_cast<size_t>(under);
    BenchFigure figure{.name = kind,
                       .system = name_of(under),
                       .actors = commit_case.actors,
                       .value = median(cost_us[i]),
                       .unit = "us of CPU",
                       .ratio = {},
                       .bar = commit_case.bars[i]};
    if (under != Under::kBare) figure.ratio = median(ratios[i]);
    show(figure);
  }
  return {};
}

// What a page costs that comes from the engine instead of the VFS's cache.
tl::expected<void, BenchError> bench_cold_page(const System& system, const Show& show) {
  Measured runs[2];
  for (const bool cold : {false, true}) {
    const auto figures = in_child("cold pages", nullptr, [&] {
      std::string error;
      const auto result = run_plan(system, read_plan(cold), error);
      return result ? fmt::format("{} {}", result->cpu_ms, result->page_fetches) : error;
    });
    if (!figures) return tl::unexpected(figures.error());
    runs[cold] = {figures->at(0) / 1000, static_cast<uint64_t>(figures->at(1))};
  }
  if (runs[1].count <= runs[0].count)
    return tl::unexpected(std::string("cold pages: nothing was fetched"));
  const double cost_us =
      (runs[1].cpu_s - runs[0].cpu_s) * 1e6 / static_cast<double>(runs[1].count - runs[0].count);
  show({.name = "cold page",
        .system = "without oracles",
        .actors = 1,
        .value = cost_us,
        .unit = "us of CPU",
        .ratio = {},
        .bar = {}});
  return {};
}

tl::expected<void, BenchError> bench_swarm(const System& system, const Show& show) {
  constexpr uint64_t kSeeds = 300;
  const ScenarioRow* swarm = system.find_scenario("swarm");
  if (swarm == nullptr) return tl::unexpected(std::string("there is no scenario swarm"));
  uint64_t peak_bytes = 0;
  const auto figures = in_child("swarm", &peak_bytes, [&] {
    double virtual_s = 0;
    const double start_s = process_cpu_s();
    for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const SeedRun run{
          .scenario = swarm, .seed = seed, .defects = {}, .capsule_path = {}, .options = {}};
      virtual_s += static_cast<double>(run_seed(system, run).record.result.virtual_ms) / 1000;
    }
    return fmt::format("{} {}", process_cpu_s() - start_s, virtual_s);
  });
  if (!figures) return tl::unexpected(figures.error());
  const double cpu_s = figures->at(0);
  show({.name = "swarm",
        .system = "all oracles",
        .value = kSeeds / cpu_s * 60,
        .unit = "seeds a core-minute",
        .ratio = {},
        .bar = kLeastSeedsPerCoreMinute,
        .bar_is_least = true});
  show({.name = "swarm",
        .system = "all oracles",
        .value = figures->at(1) / cpu_s,
        .unit = "simulated s a CPU-second",
        .ratio = {},
        .bar = {}});
  show({.name = "swarm, peak memory",
        .system = "all oracles",
        .value = static_cast<double>(peak_bytes) / (1 << 20),
        .unit = "MiB",
        .ratio = {},
        .bar = kMostSwarmMib});
  return {};
}

tl::expected<void, BenchError> bench_large(const System& system, const Show& show) {
  constexpr uint32_t kRows = 12'800;
  constexpr double kDataBytes = kRows * 4096.0;
  uint64_t peak_bytes = 0;
  const auto figures = in_child("large transaction", &peak_bytes, [&] {
    std::string error;
    const auto result = run_plan(system, large_plan(kRows), error);
    return result ? fmt::format("{}", result->cpu_ms) : error;
  });
  if (!figures) return tl::unexpected(figures.error());
  show({.name = "transaction of 50 MB, peak memory",
        .system = "all oracles",
        .actors = 1,
        .value = static_cast<double>(peak_bytes) / kDataBytes,
        .unit = "times its data",
        .ratio = {},
        .bar = kMostTimesData});
  return {};
}

}  // namespace

bool BenchFigure::met() const {
  if (!bar) return true;
  const double measured = ratio.value_or(value);
  return bar_is_least ? measured >= *bar : measured <= *bar;
}

tl::expected<void, BenchError> bench(const System& system, const Show& show) {
  for (const CommitCase& commit_case : kCommitCases) {
    if (auto done = bench_commits(system, commit_case, show); !done) return done;
  }
  if (auto done = bench_cold_page(system, show); !done) return done;
  if (auto done = bench_swarm(system, show); !done) return done;
  return bench_large(system, show);
}

}  // namespace squall::commands
