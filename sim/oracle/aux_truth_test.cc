#include "sim/oracle/aux_truth.h"

#include <gtest/gtest.h>

namespace squall::sim {
namespace {

class AuxTruthTest : public testing::Test {
 protected:
  void SetUp() override {
    file_ = files_.open("journal");
    file_->write("abcdef", 6, 0);
  }
  void read(std::string_view bytes, uint64_t offset_bytes, bool short_read) {
    file_->check_read(judge_, session_, bytes.data(), bytes.size(), offset_bytes, short_read);
  }

  SessionTruth session_{1, {1, 1}, nullptr};
  std::string fired_;
  Judge judge_{[this](const Violation& violation) { fired_ = violation.signature(); }};
  AuxTruth files_;
  std::shared_ptr<AuxTruth::File> file_;
};

TEST_F(AuxTruthTest, WhatSqliteWroteHolds) {
  read("cd", 2, false);
  read(std::string_view("ef\0\0", 4), 4, true);
  read(std::string_view("\0", 1), 9, true);
  file_->check_size(judge_, session_, 6);
  file_->truncate(3);
  file_->check_size(judge_, session_, 3);
  file_->write("x", 1, 4);
  read(std::string_view("abc\0x", 5), 0, false);
  EXPECT_EQ(fired_, "");
}

TEST_F(AuxTruthTest, OtherBytesAreReported) {
  read("cx", 2, false);
  EXPECT_EQ(fired_, "api-contract@aux-read");
}

TEST_F(AuxTruthTest, AnEndThatIsNotToldIsReported) {
  read(std::string_view("ef\0\0", 4), 4, false);
  EXPECT_EQ(fired_, "api-contract@aux-read");
}

TEST_F(AuxTruthTest, AnotherLengthIsReported) {
  file_->truncate(2);
  file_->check_size(judge_, session_, 6);
  EXPECT_EQ(fired_, "api-contract@aux-size");
}

TEST_F(AuxTruthTest, AFileIsThereUntilItIsRemoved) {
  files_.check_exists(judge_, session_, "journal", true);
  files_.check_exists(judge_, session_, "another", false);
  EXPECT_EQ(files_.open("journal"), file_);
  files_.remove("journal");
  EXPECT_NE(files_.open("journal"), file_);
  files_.remove_all();
  files_.check_exists(judge_, session_, "journal", false);
  EXPECT_EQ(fired_, "");
  files_.check_exists(judge_, session_, "journal", true);
  EXPECT_EQ(fired_, "api-contract@aux-exists");
}

}  // namespace
}  // namespace squall::sim
