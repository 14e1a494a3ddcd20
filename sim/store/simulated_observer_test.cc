// What checkers see of the store: applied commits, looks from outside, history; and the planted
// defect.
#include <gtest/gtest.h>

#include "engine/planted.h"
#include "sim/store/history_checker.h"
#include "sim/store/scripted_pacer.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {
namespace {

std::string text(const StoreValue& value) { return value ? std::string(value->view()) : "<none>"; }

std::string text(const StoreKeyRange& range) {
  return std::string(range.begin.view()) + ".." + std::string(range.end.view());
}

// Writes down what it is told.
struct Diary : StoreObserver {
  void on_applied(const AppliedCommit& commit) override {
    version = commit.version;
    read_version = commit.read_version;
    origin = commit.origin;
    reads.clear(), writes.clear(), mutations.clear(), rows.clear();
    for (const StoreKeyRange& range : commit.read_ranges) reads.push_back(text(range));
    for (const StoreKeyRange& range : commit.write_ranges) writes.push_back(text(range));
    for (const StoreMutation& mutation : commit.mutations) {
      mutations.push_back(std::string(mutation.key.view()) + "=" +
                          std::string(mutation.operand.view()));
    }
    for (const StoreRow& row : commit.rows) {
      rows.push_back(std::string(row.key.view()) + ": " + text(row.before) + " -> " +
                     text(row.after));
      last_value = row.after.value_or(SharedBytes());
    }
  }
  using Strings = std::vector<std::string>;
  int64_t version = 0, read_version = 0;
  uint64_t origin = 0;
  Strings reads, writes, mutations, rows;
  SharedBytes last_value;
};

class SimulatedObserver : public testing::Test {
 protected:
  ~SimulatedObserver() override { clear_planted(); }
  void put(std::string_view key, std::string_view value) {
    auto transaction = store_.begin();
    ASSERT_TRUE(transaction->set(key, SharedBytes(value)));
    ASSERT_TRUE(transaction->commit());
  }
  std::string peek(std::string_view key) const { return text(store_.peek(key)); }

  ScriptedPacer pacer_;
  SimulatedStore store_{pacer_};
  Diary diary_;
  using Strings = Diary::Strings;
};

TEST_F(SimulatedObserver, SeesEverythingThatACommitDid) {
  put("a", "old");
  put("c", "gone");
  put("d", "gone too");
  store_.add_observer(&diary_);
  pacer_.origin_mark = 77;
  auto transaction = store_.begin();
  ASSERT_TRUE(transaction->get("a", ReadMode::kSerializable));
  ASSERT_TRUE(transaction->get_range("x", "y", {}));
  const SharedBytes value("new");
  ASSERT_TRUE(transaction->set("a", SharedBytes("overwritten")));
  ASSERT_TRUE(transaction->clear_range("c", "e"));
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kAppendIfFits, "d", "+"));
  ASSERT_TRUE(transaction->clear("nothing"));
  ASSERT_TRUE(transaction->set("a", value));
  ASSERT_TRUE(transaction->add_write_conflict_range("p", "q"));
  const auto version = transaction->commit();
  ASSERT_TRUE(version);
  EXPECT_EQ(diary_.version, *version);
  EXPECT_LT(diary_.read_version, *version);
  EXPECT_EQ(diary_.origin, 77u);
  EXPECT_EQ(diary_.reads, (Strings{"a..", "x..y"}));
  EXPECT_EQ(diary_.writes, (Strings{"c..e", "nothing..", "a..", "d..", "p..q"}));
  EXPECT_EQ(diary_.mutations, (Strings{"a=overwritten", "c=e", "d=+", "nothing=", "a=new"}));
  EXPECT_EQ(diary_.rows, (Strings{"c: gone -> <none>", "a: old -> new", "d: gone too -> +"}));
  EXPECT_TRUE(store_.peek("a")->same_memory(value));
}

TEST_F(SimulatedObserver, IsToldOfAppliedCommitsOnly) {
  store_.add_observer(&diary_);
  pacer_.commits.push_back({.outcome = CommitOutcome::kUnknownLost, .reply_after_us = 5});
  auto transaction = store_.begin();
  ASSERT_TRUE(transaction->set("a", SharedBytes("1")));
  ASSERT_FALSE(transaction->commit());
  EXPECT_EQ(diary_.version, 0);
  store_.remove_observer(&diary_);
  put("a", "1");
  EXPECT_EQ(diary_.version, 0);
}

TEST_F(SimulatedObserver, LooksFromOutsideTakeNoTimeAndSeeTheNewest) {
  put("a", "1");
  const int64_t version = store_.last_commit_version();
  put("b", "1");
  put("a", "2");
  const int64_t now_us = pacer_.now_us();
  EXPECT_EQ(peek("a"), "2");
  EXPECT_EQ(peek("x"), "<none>");
  EXPECT_EQ(text(store_.peek_at(version, "a")), "1");
  EXPECT_EQ(text(store_.peek_at(version, "b")), "<none>");
  std::string seen;
  const auto visit = [&](std::string_view key, const SharedBytes& value) {
    seen += std::string(key) + std::string(value.view()) + ' ';
    return key != "b";
  };
  store_.scan("", "z", visit);
  EXPECT_EQ(seen, "a2 b1 ");
  seen.clear();
  store_.scan_at(version, "", "z", visit);
  EXPECT_EQ(seen, "a1 ");
  EXPECT_EQ(pacer_.now_us(), now_us);
}

// Enough keys and versions that the map sweeps many times; an old reader sees its snapshot as long
// as it may.
TEST_F(SimulatedObserver, HistoryIsKeptAsLongAsSomebodyReadsItAndSweptAfterwards) {
  const auto key_of = [](int i) { return "k" + std::to_string(10'000 + i); };
  for (int i = 0; i < 3'000; ++i) put(key_of(i), "first");
  auto reader = store_.begin();
  ASSERT_TRUE(reader->get_read_version());
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 3'000; ++i) {
      if (i % 3 == round % 3) {
        auto transaction = store_.begin();
        ASSERT_TRUE(transaction->clear(key_of(i)));
        ASSERT_TRUE(transaction->commit());
      } else {
        put(key_of(i), std::to_string(round));
      }
    }
    pacer_.pass_us(1'100'000);
    auto result = reader->get_range("k", "l", {});
    ASSERT_TRUE(result);
    ASSERT_EQ(result->rows.size(), 3'000u);
    for (const KeyValue& row : result->rows) ASSERT_EQ(row.value.view(), "first");
  }
  pacer_.pass_us(1'000'000);
  EXPECT_FALSE(reader->get_range("k", "l", {}));
  // After the last round (3) every third key from 0 on is gone.
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 3'000; ++i) {
      if (i % 3 != 0) put(key_of(i), "last");
    }
  }
  int present = 0;
  store_.scan("", "z", [&](std::string_view, const SharedBytes& value) {
    present += value.view() == "last";
    return true;
  });
  EXPECT_EQ(present, 2'000);
  EXPECT_EQ(peek(key_of(0)), "<none>");
}

TEST_F(SimulatedObserver, DefectStampsPlainSetsThatLookStamped) {
  store_.add_observer(&diary_);
  const std::string tricky = "ab\x33" + std::string(11, 'x') + std::string("\2\0\0\0", 4);
  put("a", tricky);
  EXPECT_EQ(peek("a"), tricky);
  set_planted(Defect::kStoreStampsPlainSet, true);
  put("a", tricky);
  EXPECT_EQ(peek("a").size(), tricky.size() - 4);
  EXPECT_EQ(peek("a").substr(0, 2), "ab");
  EXPECT_EQ(peek("a").substr(12), "xx");
  EXPECT_EQ(diary_.mutations, (Strings{"a=" + tricky}));
  const Strings harmless = {"", "abc", std::string(14, 'x') + std::string("\2\0\0\0", 4),
                            "\x33" + std::string(8, 'x') + std::string(4, '\0')};
  for (const std::string& value : harmless) {
    put("b", value);
    EXPECT_EQ(peek("b"), value);
  }
}

// --- the history checker ---

class HistoryCheckerTest : public testing::Test {
 protected:
  AppliedCommit commit_at(int64_t version, int64_t read_version) {
    return {.version = version,
            .batch_index = 0,
            .read_version = read_version,
            .origin = 0,
            .read_ranges = reads_,
            .write_ranges = writes_,
            .mutations = mutations_,
            .rows = rows_};
  }
  void set_row(std::string_view key, std::string_view asked, std::string_view stored) {
    mutations_.push_back({.key = StoreKey(key), .operand = SharedBytes(asked)});
    writes_.push_back(StoreKeyRange::of_key(StoreKey(key)));
    rows_.push_back({StoreKey(key), std::nullopt, SharedBytes(stored)});
  }
  void clear() { reads_.clear(), writes_.clear(), mutations_.clear(), rows_.clear(); }

  std::vector<StoreKeyRange> reads_, writes_;
  std::vector<StoreMutation> mutations_;
  std::vector<StoreRow> rows_;
  std::vector<std::string> reports_;
  HistoryChecker checker_{[this](std::string invariant, std::string message) {
    reports_.push_back(invariant + ": " + message);
  }};
};

TEST_F(HistoryCheckerTest, FiresWhenAReadKeyWasWrittenMeanwhile) {
  set_row("a", "1", "1");
  checker_.on_applied(commit_at(100, 50));
  clear();
  reads_.push_back(StoreKeyRange::of_key(StoreKey("a")));
  checker_.on_applied(commit_at(200, 100));
  EXPECT_TRUE(reports_.empty());
  checker_.on_applied(commit_at(300, 99));
  ASSERT_EQ(reports_.size(), 1u);
  EXPECT_EQ(reports_[0].find(HistoryChecker::kSerializable), 0u);
  EXPECT_EQ(checker_.read_ranges_checked(), 2u);
}

TEST_F(HistoryCheckerTest, FiresForRangesOfBothKinds) {
  set_row("m", "1", "1");
  writes_.push_back({StoreKey("p"), StoreKey("r")});
  checker_.on_applied(commit_at(100, 50));
  clear();
  reads_.push_back({StoreKey("a"), StoreKey("m")});
  reads_.push_back({StoreKey("n"), StoreKey("p")});
  reads_.push_back(StoreKeyRange::of_key(StoreKey("r")));
  checker_.on_applied(commit_at(200, 50));
  EXPECT_TRUE(reports_.empty());
  reads_ = {{StoreKey("a"), StoreKey("n")},
            {StoreKey("q"), StoreKey("z")},
            StoreKeyRange::of_key(StoreKey("q"))};
  checker_.on_applied(commit_at(300, 50));
  EXPECT_EQ(reports_.size(), 3u);
}

TEST_F(HistoryCheckerTest, TakesAClearForAWriteOfItsWholeRangeWhateverTheStoreSays) {
  mutations_.push_back({.key = StoreKey("m"),
                        .operand = SharedBytes("p"),
                        .kind = StoreMutation::Kind::kClearRange});
  checker_.on_applied(commit_at(100, 50));
  clear();
  reads_.push_back(StoreKeyRange::of_key(StoreKey("p")));
  checker_.on_applied(commit_at(200, 50));
  EXPECT_TRUE(reports_.empty());
  reads_ = {StoreKeyRange::of_key(StoreKey("n"))};
  checker_.on_applied(commit_at(300, 50));
  EXPECT_EQ(reports_.size(), 1u);
}

TEST_F(HistoryCheckerTest, FiresWhenVersionsDoNotRise) {
  checker_.on_applied(commit_at(100, 50));
  checker_.on_applied(commit_at(100, 50));
  EXPECT_EQ(reports_.size(), 1u);
}

TEST_F(HistoryCheckerTest, FiresWhenASetIsNotKeptVerbatim) {
  set_row("a", "1", "1");
  set_row("b", "1", "2");
  checker_.on_applied(commit_at(100, 50));
  ASSERT_EQ(reports_.size(), 1u);
  EXPECT_EQ(reports_[0].find(HistoryChecker::kVerbatim), 0u);
  EXPECT_EQ(checker_.rows_checked(), 2u);
}

TEST_F(HistoryCheckerTest, FiresWhenASetIsLostOrARowAppears) {
  set_row("a", "1", "1");
  rows_.clear();
  checker_.on_applied(commit_at(100, 50));
  EXPECT_EQ(reports_.size(), 1u);
  clear();
  set_row("a", "1", "1");
  mutations_.clear();
  checker_.on_applied(commit_at(200, 150));
  EXPECT_EQ(reports_.size(), 2u);
}

TEST_F(HistoryCheckerTest, EvaluatesAtomicsItself) {
  const auto report_of = [&](std::string_view before, std::string_view after) {
    clear();
    reports_.clear();
    mutations_.push_back({.key = StoreKey("n"),
                          .operand = SharedBytes(std::string_view("\x02")),
                          .kind = StoreMutation::Kind::kAtomic,
                          .op = AtomicOp::kAdd});
    rows_.push_back({StoreKey("n"), SharedBytes(before), SharedBytes(after)});
    static int64_t version = 1000;
    version += 100;
    checker_.on_applied(commit_at(version, version - 50));
    return reports_.size();
  };
  EXPECT_EQ(report_of("\x03", "\x05"), 0u);
  EXPECT_EQ(report_of("\x03", "\x04"), 1u);
  EXPECT_EQ(report_of("\xff", "\x01"), 0u);
}

}  // namespace
}  // namespace squall::sim
