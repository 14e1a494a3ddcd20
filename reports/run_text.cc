#include "reports/run_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/text_table.h"

namespace squall::reports {
namespace {

std::string bold_red(const std::string& text, TextStyle style) {
  return style.color ? "\033[1;31m" + text + "\033[0m" : text;
}

// "crash-node 2, lose-reply 3"; zeros are left out.
std::string counts_line(const Summary::Counts& counts) {
  std::string line;
  for (const auto& [name, count] : counts) {
    if (count == 0) continue;
    if (!line.empty()) line += ", ";
    line += fmt::format("{} {}", name, grouped(count));
  }
  return line.empty() ? "none" : line;
}

const char* verdict_word(sim::Verdict verdict) {
  return verdict == sim::Verdict::kViolated ? "VIOLATED" : "ERROR";
}

// In columns of name and count, several side by side.
std::string counts_table(const Summary::Counts& counts) {
  constexpr size_t kColumns = 3;
  std::vector<std::pair<std::string, uint64_t>> items(counts.begin(), counts.end());
  const size_t height = (items.size() + kColumns - 1) / kColumns;
  std::vector<std::vector<std::string>> rows(height);
  for (size_t i = 0; i < items.size(); ++i) {
    rows[i % height].push_back(items[i].first);
    rows[i % height].push_back(grouped(items[i].second));
  }
  return text_table(rows, {Align::kLeft, Align::kRight, Align::kLeft, Align::kRight, Align::kLeft,
                           Align::kRight});
}

}  // namespace

std::string reproduction_line(const RunRecord& record) {
  // No seed makes the plan of a cell, and of a capsule nobody knows whether one does.
  const bool by_capsule = !record.cell.empty() || record.reproduced;
  std::string line = by_capsule ? fmt::format("./squall replay {}", record.capsule)
                                : fmt::format("./squall run --scenario {} --seed {}",
                                              record.result.scenario, record.result.seed);
  for (const std::string& defect : record.defects) line += " --defect " + defect;
  return line + fmt::format("  # build {}, SQLite {}", record.build, record.sqlite);
}

std::string failure_text(const RunRecord& record, TextStyle style) {
  const sim::RunResult& result = record.result;
  std::string text =
      fmt::format("{} {}: {} seed {}\n", bold_red(verdict_word(result.verdict), style),
                  result.signature, result.scenario, result.seed);
  text += fmt::format("  {}\n", result.message);
  if (!record.capsule.empty()) text += fmt::format("  capsule:   {}\n", record.capsule);
  return text + fmt::format("  reproduce: {}\n", reproduction_line(record));
}

std::string run_text(const RunRecord& record, TextStyle style) {
  const sim::RunResult& result = record.result;
  std::string text = result.verdict == sim::Verdict::kHeld
                         ? fmt::format("held: {} seed {}\n", result.scenario, result.seed)
                         : failure_text(record, style);
  text += fmt::format("  commits:   {} by {} actors, {} statements\n", grouped(result.commits),
                      result.committing_actors, grouped(result.statements));
  text += fmt::format("  simulated: {:.3f} s in {:.1f} ms of CPU, {} events, hash {}\n",
                      static_cast<double>(result.virtual_ms) / 1000, result.cpu_ms,
                      grouped(result.events), hash_text(result.hash));
  text += fmt::format("  faults:    {}\n", counts_line(result.fault_sites));
  return text + fmt::format("  checked:   {}\n", counts_line(result.invariants));
}

std::string summary_text(const Summary& summary, TextStyle style) {
  std::string text;
  for (const FailureGroup& group : summary.failures()) {
    text += failure_text(group.fastest, style);
    text += fmt::format("  seen:      {}{}\n\n", counted(group.count, "time"),
                        group.count > 1 ? ", this one is the shortest" : "");
  }
  text += fmt::format("{}: {} held, {} violated, {} errors", counted(summary.runs, "run"),
                      grouped(summary.held), grouped(summary.violated), grouped(summary.errors));
  if (summary.runs > 0)
    text += fmt::format("; seeds {} to {}", summary.first_seed, summary.last_seed);
  text += fmt::format(
      "\n{:.1f} s, {:.1f} s of CPU, {} seeds a core-minute, {} s simulated, {} commits\n",
      summary.wall_s, summary.cpu_s,
      grouped(static_cast<uint64_t>(summary.seeds_per_core_minute())),
      grouped(static_cast<uint64_t>(summary.virtual_ms / 1000)), grouped(summary.commits));
  text += "faults fired\n" + counts_table(summary.faults);
  text += "invariants evaluated\n" + counts_table(summary.invariants);
  if (summary.probes.empty()) return text;
  const auto is_hit = [](const auto& probe) { return probe.second > 0; };
  const auto hit = std::count_if(summary.probes.begin(), summary.probes.end(), is_hit);
  return text + fmt::format("probes hit\n  {} of {}\n", hit, summary.probes.size());
}

std::string never_text(const std::vector<std::string>& never) {
  constexpr size_t kMostNamed = 12;
  if (never.size() <= kMostNamed) return fmt::format("never hit: {}\n", fmt::join(never, ", "));
  std::map<std::string, uint64_t> kinds;
  for (const std::string& name : never) ++kinds[name.substr(0, name.find(' '))];
  std::vector<std::string> counts;
  for (const auto& [kind, count] : kinds) counts.push_back(counted(count, kind));
  return fmt::format("never hit: {}; --json names them\n", fmt::join(counts, ", "));
}

std::string swarm_figures_text(const Summary& swarm) {
  auto percent = [](double share) { return fmt::format("{:.1f} %", share * 100); };
  return "swarm\n" +
         text_table({{"acknowledged commits, median", grouped(swarm.median_commits())},
                     {"committing actors, median", grouped(swarm.median_committing_actors())},
                     {"dirty pages, mean commit", fmt::format("{:.1f}", swarm.mean_dirty_pages())},
                     {"commit struck by a crash or takeover", percent(swarm.share_struck())},
                     {"staged commit and compaction", percent(swarm.share_staged_and_compacted())},
                     {"shrink", percent(swarm.share_shrunk())}},
                    {Align::kLeft, Align::kRight});
}

}  // namespace squall::reports
