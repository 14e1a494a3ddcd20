#include "sim/oracle/page_blame.h"

#include <gtest/gtest.h>

#include "sim/store/scripted_pacer.h"

namespace squall::sim {
namespace {

class PageBlameTest : public ::testing::Test {
 protected:
  PageRef page(char fill) {
    return pool.build([&](char* bytes) { std::memset(bytes, fill, kPageSizeBytes); });
  }
  void image(char fill) {
    actor.image->hashes = {hash_page(page(fill).data())};
    actor.image->pages = {page(fill)};
    actor.image->writers = {7};
    session.image = actor.image;
    session.pending.reset(*session.image);
    actor.takeovers = {{0, 3}, {6, 4}};
  }
  static void expect_says(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  PagePool pool;
  ScriptedPacer pacer;
  SimulatedStore store{pacer};
  PageBlame blame{store};
  ActorTruth actor{1};
  CommitTally tally;
  SessionTruth session{1, {4, 1}, &tally};
};

TEST_F(PageBlameTest, AVfsThatSendsOtherBytesThanSqliteWrote) {
  session.pending.write(1, page('a').data(), page('a'));
  session.sent_pages = {{1, page('b')}};
  const std::string text = blame.of_landing(actor, session, AppliedCommit{}, 1, 1);
  expect_says(text, "the VFS's request carries other bytes than SQLite wrote");
}

TEST_F(PageBlameTest, AVfsThatLeavesAPageOut) {
  session.pending.write(1, page('a').data(), page('a'));
  expect_says(blame.of_landing(actor, session, AppliedCommit{}, 1, 1),
              "the VFS's request does not carry it");
}

TEST_F(PageBlameTest, AVfsThatForgetsWhatSqliteWroteInTheTransaction) {
  session.pending.write(1, page('a').data(), page('a'));
  const std::string text = blame.of_read(actor, session, 1, page('b').data());
  expect_says(text,
              "the VFS gives back other bytes than SQLite wrote in this transaction: byte 0 is "
              "0x62 instead of 0x61");
}

TEST_F(PageBlameTest, AnEngineThatAnswersWithOtherBytes) {
  image('a');
  session.superseded = true;  // the store may hold another one's
  session.replied = {page('b')};
  const std::string text = blame.of_read(actor, session, 1, page('b').data());
  expect_says(text, "the engine answered with it");
  expect_says(text, "commit 7 of start 4 wrote it last");
}

TEST_F(PageBlameTest, AVfsThatChangesWhatTheEngineAnswered) {
  image('a');
  session.superseded = true;
  session.replied = {page('a')};
  expect_says(blame.of_read(actor, session, 1, page('b').data()),
              "the VFS changed it behind the engine's reply");
}

}  // namespace
}  // namespace squall::sim
