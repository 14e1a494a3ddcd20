// The exec'd side of `squall determinism`.
#include <cstdlib>
#include <memory>
#include <random>

#include <CLI/CLI.hpp>

#include "reports/run_record.h"
#include "sim/commands/hash_process.h"
#include "sim/commands/planted_nondeterminism.h"
#include "sim/commands/seed_run.h"

namespace squall::commands {
namespace {

struct HashArguments {
  std::string scenario;
  std::string seeds;
  std::string planted;
  bool second = false;
  bool trace_last = false;
};

struct FreeBlock {
  void operator()(void* block) const { std::free(block); }
};
using Block = std::unique_ptr<void, FreeBlock>;

// Leaves the allocator's free lists full of holes in random order: equal programs now get unequal
// addresses, in an unequal order. The blocks between the holes are returned; they keep the holes
// apart while they live.
std::vector<Block> scramble_heap() {
  constexpr size_t kMostBytes = 1024;
  constexpr size_t kHolesOfSize = 64;
  std::mt19937_64 random(std::random_device{}());
  std::vector<Block> keepers;
  std::vector<Block> holes;
  for (size_t size = 16; size <= kMostBytes; size += 16) {
    for (size_t i = 0; i < kHolesOfSize; ++i) {
      holes.emplace_back(std::malloc(size));
      keepers.emplace_back(std::malloc(size));
    }
  }
  std::shuffle(holes.begin(), holes.end(), random);
  for (Block& hole : holes) hole.reset();
  return keepers;
}

void trace_events(Console& console, sim::RunOptions& options) {
  options.hash_trace = [&console](uint64_t event, uint64_t hash) {
    console.print("E {} {}\n", event, reports::hash_text(hash));
  };
  options.trace = [&console](std::string_view line) { console.print("L {}\n", line); };
}

int run_hashes(const HashArguments& arguments, const CommandContext& context) {
  const ScenarioRow* scenario = resolve_scenario(context, arguments.scenario);
  const auto seeds = parse_seed_range(arguments.seeds);
  const auto planted_kind = parse_nondeterminism(arguments.planted);
  if (scenario == nullptr || !seeds || (!arguments.planted.empty() && !planted_kind))
    return kExitUsage;
  const std::vector<Block> keepers = arguments.second ? scramble_heap() : std::vector<Block>();
  PlantedNondeterminism planted(planted_kind.value_or(Nondeterminism::kClock));
  for (uint64_t i = 0; i < seeds->size(); ++i) {
    SeedRun run{.scenario = scenario,
                .seed = arguments.second ? seeds->last - i : seeds->first + i,
                .defects = {},
                .capsule_path = {},
                .options = {}};
    if (planted_kind) run.options.planted_latency_us = planted.next_run();
    if (arguments.trace_last && i + 1 == seeds->size()) trace_events(context.console, run.options);
    const sim::RunResult result = run_seed(context.system, run).record.result;
    context.console.print("S {} {} {} {} {}\n", run.seed, reports::hash_text(result.hash),
                          result.events, sim::to_string(result.verdict),
                          result.signature.empty() ? "-" : result.signature);
  }
  return kExitHeld;
}

}  // namespace

void add_hash_process_command(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<HashArguments>();
  CLI::App* command = app.add_subcommand("hash-process", "One side of determinism")->group("");
  command->add_option("--scenario", arguments->scenario)->required();
  command->add_option("--seeds", arguments->seeds)->required();
  command->add_option("--plant-nondeterminism", arguments->planted);
  command->add_flag("--second", arguments->second);
  command->add_flag("--trace-last", arguments->trace_last);
  command->callback([arguments, &context] { context.status = run_hashes(*arguments, context); });
}

}  // namespace squall::commands
