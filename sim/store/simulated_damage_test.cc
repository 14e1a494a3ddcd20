// Values that the store lost, and readers that see bent ones.
#include <gtest/gtest.h>

#include "sim/store/scripted_pacer.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {
namespace {

class SimulatedDamage : public testing::Test {
 protected:
  void put(std::string_view key, std::string_view value) {
    TransactionHandle transaction = store_.begin();
    ASSERT_TRUE(transaction->set(key, SharedBytes(value)));
    ASSERT_TRUE(transaction->commit());
  }
  std::string get(std::string_view key) {
    const auto value = store_.begin()->get(key, ReadMode::kSnapshot);
    return *value ? std::string((*value)->view()) : "<none>";
  }
  std::string range(bool reverse = false) {
    std::string keys;
    RangeOptions options;
    options.reverse = reverse;
    const auto rows = store_.begin()->get_range("a", "z", options);
    for (const KeyValue& row : rows->rows) keys += row.key.view();
    return keys;
  }

  ScriptedPacer pacer_;
  SimulatedStore store_{pacer_};
};

TEST_F(SimulatedDamage, ALostValueIsNowhereUntilItIsRestored) {
  for (const char* key : {"b", "c", "d"}) put(key, key);
  store_.lose("c");
  EXPECT_EQ(get("c"), "<none>");
  EXPECT_EQ(range(), "bd");
  EXPECT_EQ(range(true), "db");
  EXPECT_TRUE(store_.is_lost("c"));
  EXPECT_EQ(store_.peek("c")->view(), "c");
  store_.restore();
  EXPECT_EQ(get("c"), "c");
  EXPECT_EQ(range(), "bcd");
}

TEST_F(SimulatedDamage, WhatIsWrittenOrClearedIsLostNoMore) {
  for (const char* key : {"b", "c", "d"}) put(key, key);
  for (const char* key : {"b", "c", "d"}) store_.lose(key);
  put("b", "new");
  TransactionHandle clears = store_.begin();
  ASSERT_TRUE(clears->clear("c"));
  ASSERT_TRUE(clears->clear_range("d", "e"));
  ASSERT_TRUE(clears->commit());
  EXPECT_TRUE(store_.lost().empty());
  EXPECT_EQ(get("b"), "new");
  EXPECT_EQ(range(), "b");
}

TEST_F(SimulatedDamage, AReaderSeesWhatItsPacerBentAndOnlyThatReader) {
  put("b", "sound");
  pacer_.bend = [](std::string_view, std::optional<SharedBytes>* value) {
    *value = SharedBytes("bent");
  };
  EXPECT_EQ(get("b"), "bent");
  std::vector<std::optional<SharedBytes>> values;
  const std::vector<std::string_view> keys{"b", "nothing"};
  ASSERT_TRUE(store_.begin()->get_many(keys, ReadMode::kSnapshot, &values));
  EXPECT_EQ(values[0]->view(), "bent");
  const auto rows = store_.begin()->get_range("a", "z", {});
  ASSERT_EQ(rows->rows.size(), 1u);
  EXPECT_EQ(rows->rows[0].value.view(), "bent");
  pacer_.bend = nullptr;
  EXPECT_EQ(get("b"), "sound");
}

}  // namespace
}  // namespace squall::sim
