#include "sim/capsule.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace squall::sim {
namespace {

Workload sample_workload() {
  Workload workload;
  workload.sql = {{"CREATE TABLE t (id INTEGER PRIMARY KEY, \"v\" BLOB)"},
                  {"INSERT INTO t VALUES (?, ?)"},
                  {"VACUUM", true, true}};
  Transaction insert;
  insert.id = 2;
  insert.on_error = OnError::kWaitUntilServed;
  insert.explicit_transaction = true;
  insert.statements = {
      {1, {{.integer = INT64_MIN}, {Parameter::Kind::kText, 0, 4097, UINT64_MAX}}},
      {1, {{.integer = INT64_MAX}, {Parameter::Kind::kOffsetLike, 0, 16 << 20, 0}}}};
  Transaction last;
  last.id = UINT32_MAX;
  last.rollback = true;
  last.close_before = true;
  last.leave_open = true;
  last.think_us = 12;
  last.statements = {{2, {}}};
  workload.actors = {{1, {{.id = 1, .statements = {{0, {}}}}, insert, last}}, {UINT64_MAX, {}}};
  workload.control = {{1, ControlAction::Kind::kMove, 1, 2, 40, 700},
                      {2, ControlAction::Kind::kRenew, UINT64_MAX, 0, 0, -1}};
  return workload;
}

Capsule sample_capsule() {
  Capsule capsule;
  capsule.build = "v1-3-gabc";
  capsule.sqlite = "3.54.1";
  capsule.defects = {"shrink-leaves-rows"};
  capsule.plan.scenario = "swarm";
  capsule.plan.seed = (uint64_t{1} << 53) - 1;
  capsule.plan.mode = PlanMode::kReplay;
  capsule.plan.knobs.hosts = 3;
  capsule.plan.workload = sample_workload();
  capsule.plan.decision_key = 0x0123456789abcdef;
  capsule.plan.jitter_key = UINT64_MAX;
  capsule.plan.rates_ppm[0] = 17;
  capsule.plan.strikes = {{.fault = Fault::kPause,
                           .site = site_id(Site::kCompactAfterFold),
                           .actor = 1,
                           .transaction = 2,
                           .nth = 3,
                           .parameter = 5}};
  capsule.plan.perturbations = {
      {Fault::kLoseReply,
       site_id(WorldSite::kSendReply),
       {.actor = 1, .subject = 2, .kind = EntityKind::kTransaction, .step = EntityStep::kCommit},
       4,
       -1}};
  capsule.plan.faults_end_us = 99;
  capsule.expected = {"acked-durable", "acked-durable@commit", 0xfedcba9876543210};
  return capsule;
}

// On one line without blanks, so that tests can look for members in it.
std::string dense_text() {
  return nlohmann::ordered_json::parse(capsule_to_text(sample_capsule())).dump() + "\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

CapsuleError error_of(const std::string& text) {
  const auto capsule = capsule_from_text(text);
  EXPECT_FALSE(capsule.has_value());
  return capsule ? CapsuleError{} : capsule.error();
}

class CapsuleFileTest : public testing::Test {
 protected:
  void SetUp() override {
    // Tests of this fixture run side by side, each in a process of its own.
    folder_ = testing::TempDir() + "squall-capsule-test-" + std::to_string(getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/c.json"; }
  size_t files() const {
    size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_)) ++count;
    return count;
  }

  std::string folder_;
};

TEST(CapsuleTest, TextRoundTrips) {
  const Capsule capsule = sample_capsule();
  const std::string text = capsule_to_text(capsule);
  const auto read = capsule_from_text(text);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(capsule_to_text(*read), text);
  EXPECT_EQ(read->expected, capsule.expected);
  EXPECT_EQ(read->defects, capsule.defects);
  EXPECT_EQ(read->plan.perturbations, capsule.plan.perturbations);
  EXPECT_EQ(read->plan.rates_ppm, capsule.plan.rates_ppm);
  EXPECT_EQ(read->plan.strikes.at(0).nth, 3u);
  const Transaction& transaction = read->plan.workload.actors.at(0).transactions.at(1);
  EXPECT_EQ(transaction.on_error, OnError::kWaitUntilServed);
  EXPECT_EQ(transaction.statements.at(0).parameters.at(0).integer, INT64_MIN);
  EXPECT_EQ(transaction.statements.at(0).parameters.at(1).salt, UINT64_MAX);
}

TEST(CapsuleTest, WhatFiredBecomesThePlan) {
  Plan plan = sample_capsule().plan;
  plan.mode = PlanMode::kGenerate;
  plan.perturbations.clear();
  RunResult result;
  result.invariant = "page-images";
  result.fired = sample_capsule().plan.perturbations;
  const Capsule capsule = make_capsule(plan, result, {}, "b", "s");
  EXPECT_EQ(capsule.plan.mode, PlanMode::kReplay);
  EXPECT_EQ(capsule.plan.perturbations, result.fired);
  EXPECT_TRUE(capsule.plan.strikes.empty());
  EXPECT_EQ(capsule.plan.rates_ppm, Plan{}.rates_ppm);
  EXPECT_EQ(capsule.expected.invariant, "page-images");
}

TEST(CapsuleTest, CutShortAtAnyByteItIsRefusedInOneLine) {
  const std::string text = capsule_to_text(sample_capsule());
  for (size_t size = 0; size < text.size(); ++size) {
    const CapsuleError error = error_of(text.substr(0, size));
    EXPECT_EQ(error.kind, CapsuleError::Kind::kUnreadable) << size;
    EXPECT_FALSE(error.message.empty());
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  }
}

TEST(CapsuleTest, NamesOfAnotherBuildAreToldFromBrokenFiles) {
  const std::string text = dense_text();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"lose-reply\"", "\"lose-heart\""},
           {"\"hosts\"", "\"hostes\""},
           {"\"compact-after-fold\"", "\"compact-some-day\""},
           {"\"send-reply\"", "\"send-request\""},
           {"\"version\":1", "\"version\":2"},
           {"\"move\"", "\"remove\""},
           {"\"offset-like\"", "\"offset-alike\""}}) {
    EXPECT_EQ(error_of(replaced(text, from, to)).kind, CapsuleError::Kind::kUnknownName) << from;
  }
}

TEST(CapsuleTest, AKnobThatIsNewerThanTheCapsuleIsAtItsDefault) {
  const auto read = capsule_from_text(replaced(dense_text(), "\"hosts\":3,", ""));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->plan.knobs.hosts, Knobs{}.hosts);
}

TEST(CapsuleTest, WrongTypesAndValuesAreUnreadable) {
  const std::string text = dense_text();
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"9007199254740991", "9007199254740992"},
                                                        {"9007199254740991", "-1"},
                                                        {"9007199254740991", "1.5"},
                                                        {"9007199254740991", "\"7\""},
                                                        {"0123456789abcdef", "123456789abcdef"},
                                                        {"0123456789abcdef", "0123456789abcdeg"},
                                                        {"a1/t2.0/commit/0", "a1/t2.0/commit"},
                                                        {"\"explicit\":true", "\"explicit\":1"},
                                                        {"\"explicit\":true", "\"implicit\":true"},
                                                        {"squall-capsule", "squall-kapsule"}}) {
    const CapsuleError error = error_of(replaced(text, from, to));
    EXPECT_EQ(error.kind, CapsuleError::Kind::kUnreadable) << from << " → " << to;
  }
}

TEST(CapsuleTest, TheMessageSaysWhere) {
  const std::string text = dense_text();
  EXPECT_EQ(error_of(replaced(text, "\"lose-reply\"", "\"lose-heart\"")).message,
            "plan.faults[0][0]: this build has no fault 'lose-heart'");
}

TEST_F(CapsuleFileTest, IsWrittenWholeAndReadBack) {
  const Capsule capsule = sample_capsule();
  ASSERT_TRUE(write_capsule(path(), capsule).has_value());
  const auto read = read_capsule(path());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(capsule_to_text(*read), capsule_to_text(capsule));
  EXPECT_EQ(files(), 1u);
}

TEST_F(CapsuleFileTest, AMissingFileOrFolderIsAnIoError) {
  EXPECT_EQ(read_capsule(path()).error().kind, CapsuleError::Kind::kIo);
  EXPECT_EQ(write_capsule(folder_ + "/no/c.json", {}).error().kind, CapsuleError::Kind::kIo);
  EXPECT_EQ(read_capsule(folder_).error().kind, CapsuleError::Kind::kIo);
}

TEST_F(CapsuleFileTest, AFullDiskKeepsTheOldFileAndLeavesNothingElse) {
  ASSERT_TRUE(write_capsule(path(), sample_capsule()).has_value());
  const auto before = std::filesystem::file_size(path());
  Capsule larger = sample_capsule();
  larger.build.assign(100'000, 'b');

  rlimit old_limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{5000, old_limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto written = write_capsule(path(), larger);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  std::signal(SIGXFSZ, old_handler);

  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().kind, CapsuleError::Kind::kIo);
  EXPECT_EQ(std::filesystem::file_size(path()), before);
  EXPECT_EQ(files(), 1u);
}

}  // namespace
}  // namespace squall::sim
