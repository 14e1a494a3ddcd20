#include <gtest/gtest.h>

#include "reports/run_record.h"
#include "reports/run_text.h"
#include "reports/summary.h"
#include "reports/text_table.h"

namespace squall::reports {
namespace {

RunRecord record(uint64_t seed, sim::Verdict verdict, const std::string& signature,
                 uint64_t events) {
  RunRecord made;
  made.result.scenario = "swarm";
  made.result.seed = seed;
  made.result.verdict = verdict;
  made.result.signature = signature;
  made.result.events = events;
  made.result.cpu_ms = 12;
  made.build = "b";
  made.sqlite = "s";
  return made;
}

TEST(RunRecord, ComesBackFromItsLine) {
  RunRecord written = record(9007199254740991, sim::Verdict::kViolated, "usage-exact@commit", 77);
  written.result.invariant = "usage-exact";
  written.result.message = "a \"quoted\" line\nand another \xff";
  written.result.hash = 0xfedcba9876543210;
  written.result.faults = {{"pause", 3}, {"crash-node", 0}};
  written.result.fault_sites = {{"pause@commit-after-encode", 3}};
  written.result.knobs.hosts = 4;
  written.result.shrinks = 2;
  written.result.page_fetches = 5;
  written.defects = {"d"};
  written.capsule = "c.json";
  const std::string line = to_json_line(written);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto read = parse_run_record(line);
  ASSERT_TRUE(read.has_value()) << read.error();
  EXPECT_EQ(to_json_line(*read), line);
  EXPECT_EQ(read->result.hash, written.result.hash);
  EXPECT_EQ(read->result.knobs.hosts, 4);
}

TEST(RunRecord, ACutOrForeignLineIsRefused) {
  const std::string line = to_json_line(record(1, sim::Verdict::kHeld, "", 1));
  for (size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(parse_run_record(line.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(parse_run_record("{}").has_value());
  EXPECT_FALSE(parse_run_record("[]").has_value());
}

TEST(Summary, GroupsFailuresBySignatureAndShowsTheShortest) {
  Summary summary;
  summary.add(record(1, sim::Verdict::kHeld, "", 10));
  summary.add(record(2, sim::Verdict::kViolated, "a@x", 50));
  summary.add(record(3, sim::Verdict::kViolated, "a@x", 20));
  summary.add(record(4, sim::Verdict::kViolated, "a@x", 20));
  summary.add(record(5, sim::Verdict::kError, "watchdog@cpu", 5));
  EXPECT_EQ(summary.runs, 5u);
  EXPECT_EQ(summary.held, 1u);
  EXPECT_EQ(summary.violated, 3u);
  EXPECT_EQ(summary.errors, 1u);
  const auto failures = summary.failures();
  ASSERT_EQ(failures.size(), 2u);
  EXPECT_EQ(failures[0].signature, "a@x");
  EXPECT_EQ(failures[0].count, 3u);
  EXPECT_EQ(failures[0].fastest.result.seed, 3u);
}

TEST(Summary, FiguresAreOfTheRunsAndNotOfTheirOrder) {
  Summary upwards;
  Summary downwards;
  std::vector<RunRecord> records;
  for (uint64_t seed = 1; seed <= 101; ++seed) {
    RunRecord made = record(seed, sim::Verdict::kHeld, "", 1);
    made.result.commits = seed;
    made.result.dirty_pages = seed * 3;
    made.result.committing_actors = 3;
    made.result.commits_struck = seed % 2;
    made.result.staged_commits = seed % 10 == 0;
    made.result.compactions = 1;
    records.push_back(made);
  }
  for (const RunRecord& made : records) upwards.add(made);
  for (auto it = records.rbegin(); it != records.rend(); ++it) downwards.add(*it);
  EXPECT_EQ(upwards.median_commits(), 51u);
  EXPECT_EQ(downwards.median_commits(), 51u);
  EXPECT_EQ(upwards.median_committing_actors(), 3u);
  EXPECT_DOUBLE_EQ(upwards.mean_dirty_pages(), 3);
  EXPECT_NEAR(upwards.share_struck(), 51.0 / 101, 1e-9);
  EXPECT_NEAR(upwards.share_staged_and_compacted(), 10.0 / 101, 1e-9);
  EXPECT_EQ(upwards.share_shrunk(), 0);
  EXPECT_NEAR(upwards.seeds_per_core_minute(), 5000, 1e-6);
}

TEST(Summary, NamesWhatNeverHappened) {
  Summary summary;
  RunRecord made = record(1, sim::Verdict::kHeld, "", 1);
  made.result.faults = {{"pause", 0}, {"crash-node", 1}};
  made.result.probes = {{"takeover-before-finalize", 0}};
  summary.add(made);
  EXPECT_EQ(never_happened(summary),
            (std::vector<std::string>{"fault pause", "probe takeover-before-finalize"}));
}

TEST(TextTable, AlignsItsColumns) {
  EXPECT_EQ(text_table({{"a", "1", "x"}, {"bbb", "22", ""}}, {Align::kLeft, Align::kRight}),
            "  a     1  x\n  bbb  22\n");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(RunText, AFailureIsReproducedByOneLine) {
  RunRecord made = record(7, sim::Verdict::kViolated, "usage-exact@commit", 1);
  made.defects = {"one", "two"};
  EXPECT_EQ(
      reproduction_line(made),
      "./squall run --scenario swarm --seed 7 --defect one --defect two  # build b, SQLite s");
  EXPECT_NE(run_text(made, {}).find(reproduction_line(made)), std::string::npos);
}

}  // namespace
}  // namespace squall::reports
