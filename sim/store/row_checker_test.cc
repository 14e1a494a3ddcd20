#include "sim/store/row_checker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace squall::sim {
namespace {

using Kind = StoreMutation::Kind;
using Data = std::map<std::string, SharedBytes>;

class RowCheckerTest : public testing::Test {
 protected:
  size_t below(size_t bound) { return random() % bound; }
  std::string key() { return std::string(1, static_cast<char>('a' + below(6))); }

  void write(Data& data) {
    const std::string from = key();
    switch (below(4)) {
      case 0:
        mutations.push_back({StoreKey(from), {}, Kind::kClear});
        data.erase(from);
        return;
      case 1: {
        const std::string to = std::max(from, key());
        mutations.push_back({StoreKey(from), SharedBytes(to), Kind::kClearRange});
        data.erase(data.lower_bound(from), data.lower_bound(to));
        return;
      }
      default:
        mutations.push_back({StoreKey(from), SharedBytes(std::to_string(random()))});
        data[from] = mutations.back().operand;
    }
  }

  // A transaction over what a few keys held before, and the rows that it leaves.
  void make_commit() {
    mutations.clear();
    rows.clear();
    Data before;
    for (size_t i = below(5); i > 0; --i) before[key()] = SharedBytes("old");
    Data after = before;
    for (size_t i = 1 + below(6); i > 0; --i) write(after);
    for (char letter = 'a'; letter <= 'f'; ++letter) {
      const std::string name(1, letter);
      const StoreValue old = value_in(before, name), now = value_in(after, name);
      const bool untouched = !old && !now;
      const bool unchanged = old && now && old->same_memory(*now);
      if (!untouched && !unchanged) rows.push_back({StoreKey(name), old, now});
    }
  }
  static StoreValue value_in(const Data& data, const std::string& name) {
    const auto found = data.find(name);
    return found == data.end() ? StoreValue() : StoreValue(found->second);
  }

  void damage() {
    StoreRow& row = rows[below(rows.size())];
    switch (below(4)) {
      case 0: row.after = SharedBytes("damaged"); return;
      case 1: row.after.reset(); return;
      case 2: row.key = StoreKey("g"); return;
      default: rows.erase(rows.begin() + static_cast<ptrdiff_t>(below(rows.size())));
    }
  }

  AppliedCommit commit() const { return {10, 0, 5, 0, {}, {}, mutations, rows}; }

  std::mt19937 random{7};
  std::vector<StoreMutation> mutations;
  std::vector<StoreRow> rows;
};

TEST_F(RowCheckerTest, WhatMutationsGiveIsRightBothWays) {
  for (int i = 0; i < 3000; ++i) {
    make_commit();
    EXPECT_TRUE(rows_are_plain_writes(commit()));
    EXPECT_EQ(find_wrong_row(commit()), "");
  }
}

TEST_F(RowCheckerTest, TheShortAnswerToDamageIsTheLongOne) {
  int wrong = 0;
  for (int i = 0; i < 3000; ++i) {
    make_commit();
    if (rows.empty()) continue;
    damage();
    const bool right = find_wrong_row(commit()).empty();
    wrong += right ? 0 : 1;
    EXPECT_EQ(rows_are_plain_writes(commit()), right);
  }
  EXPECT_GT(wrong, 1000);
}

TEST_F(RowCheckerTest, AtomicsAskForTheLongAnswer) {
  mutations.push_back({StoreKey("a"), SharedBytes("\1"), Kind::kAtomic, AtomicOp::kAdd});
  rows.push_back({StoreKey("a"), {}, SharedBytes("\1")});
  EXPECT_FALSE(rows_are_plain_writes(commit()));
  EXPECT_EQ(find_wrong_row(commit()), "");
}

}  // namespace
}  // namespace squall::sim
