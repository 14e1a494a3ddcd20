// Reading: versions, own writes, selectors, ranges, unreadable keys.
#include "sim/store/store_contract.h"

namespace squall {
namespace {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreContract);

std::string with_stamp_position(std::string bytes, uint32_t position) {
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(position >> 8 * i));
  return bytes;
}

TEST_P(StoreContract, ReadVersionCoversEveryAcknowledgedCommit) {
  auto writer = begin();
  set(writer, "a", "1");
  const auto version = writer->commit();
  ASSERT_TRUE(version);
  auto reader = begin();
  const auto read_version = reader->get_read_version();
  ASSERT_TRUE(read_version);
  EXPECT_GE(*read_version, *version);
  EXPECT_EQ(reader->get_read_version().value(), *read_version);
}

TEST_P(StoreContract, CommitVersionsRise) {
  int64_t last = 0;
  for (int i = 0; i < 20; ++i) {
    auto writer = begin();
    set(writer, "a", "1");
    const auto version = writer->commit();
    ASSERT_TRUE(version);
    EXPECT_GT(*version, last);
    last = *version;
  }
}

TEST_P(StoreContract, ReadsStayAtTheirVersion) {
  put("a", "old");
  put("b", "old");
  auto reader = begin();
  EXPECT_EQ(get(reader, "a"), "old");
  put("a", "new");
  put("c", "new");
  EXPECT_EQ(get(reader, "a"), "old");
  EXPECT_EQ(range(reader, "a", "z"), (Strings{"a=old", "b=old"}));
  EXPECT_EQ(stored("a"), "new");
}

TEST_P(StoreContract, VersionIsFetchedAtTheFirstReadNotAtBegin) {
  auto reader = begin();
  put("a", "1");
  EXPECT_EQ(get(reader, "a"), "1");
}

TEST_P(StoreContract, SeesItsOwnWrites) {
  put("a", "1");
  put("b", "1");
  put("d", "1");
  auto transaction = begin();
  set(transaction, "a", "2");
  set(transaction, "c", "2");
  EXPECT_TRUE(transaction->clear("b"));
  EXPECT_TRUE(transaction->atomic_op(AtomicOp::kAppendIfFits, "d", "+"));
  for (const ReadMode mode : {kSerializable, kSnapshot}) {
    EXPECT_EQ(get(transaction, "a", mode), "2");
    EXPECT_EQ(get(transaction, "b", mode), "<none>");
    EXPECT_EQ(get(transaction, "c", mode), "2");
    EXPECT_EQ(get(transaction, "d", mode), "1+");
    EXPECT_EQ(range(transaction, "a", "z", {.mode = mode}), (Strings{"a=2", "c=2", "d=1+"}));
  }
  EXPECT_EQ(range(transaction, "a", "z", {.limit = 2, .reverse = true}), (Strings{"d=1+", "c=2"}));
}

TEST_P(StoreContract, RangeClearHidesTheStoreAndEarlierOwnWrites) {
  put_all({"a", "b", "c"});
  auto transaction = begin();
  set(transaction, "bb", "own");
  EXPECT_TRUE(transaction->clear_range("b", "c"));
  EXPECT_EQ(range(transaction, "", "z"), (Strings{"a=a", "c=c"}));
  EXPECT_TRUE(transaction->atomic_op(AtomicOp::kAppendIfFits, "b", "x"));
  EXPECT_EQ(get(transaction, "b"), "x");
  EXPECT_EQ(commit(transaction), kOk);
  EXPECT_EQ(stored("b"), "x");
  EXPECT_EQ(stored("bb"), "<none>");
}

TEST_P(StoreContract, SnapshotReadsCanStopSeeingOwnWrites) {
  put("a", "1");
  auto transaction = begin();
  EXPECT_TRUE(transaction->disable_snapshot_read_your_writes());
  set(transaction, "a", "2");
  set(transaction, "b", "2");
  EXPECT_EQ(get(transaction, "a", kSnapshot), "1");
  EXPECT_EQ(range(transaction, "a", "z", {.mode = kSnapshot}), (Strings{"a=1"}));
  EXPECT_EQ(get(transaction, "a", kSerializable), "2");
}

TEST_P(StoreContract, GetManyAnswersEachKey) {
  put("a", "1");
  put("b", "1");
  auto transaction = begin();
  EXPECT_TRUE(transaction->clear("b"));
  const std::vector<std::string_view> keys{"b", "a", "x"};
  std::vector<std::optional<SharedBytes>> out;
  ASSERT_TRUE(transaction->get_many(keys, kSerializable, &out));
  ASSERT_EQ(out.size(), 3u);
  EXPECT_FALSE(out[0]);
  EXPECT_EQ(out[1]->view(), "1");
  EXPECT_FALSE(out[2]);
}

TEST_P(StoreContract, SelectorsCountKeysFromTheirAnchor) {
  put_all({"b", "d", "f"});
  auto transaction = begin();
  EXPECT_EQ(get_key(transaction, KeySelector::first_greater_or_equal("d")), "d");
  EXPECT_EQ(get_key(transaction, KeySelector::first_greater_than("d")), "f");
  EXPECT_EQ(get_key(transaction, KeySelector::last_less_than("d")), "b");
  EXPECT_EQ(get_key(transaction, KeySelector::last_less_or_equal("d")), "d");
  EXPECT_EQ(get_key(transaction, {"b", true, 2}), "f");
  EXPECT_EQ(get_key(transaction, {"f", true, -1}), "d");
  EXPECT_EQ(get_key(transaction, {"f", true, -2}), "b");
  EXPECT_EQ(get_key(transaction, {"f", true, -3}), "");
  EXPECT_EQ(get_key(transaction, KeySelector::last_less_than("b")), "");
  EXPECT_EQ(get_key(transaction, KeySelector::first_greater_than("f")), "\xff");
}

TEST_P(StoreContract, SelectorsSeeOwnWrites) {
  put_all({"b", "d", "f"});
  auto transaction = begin();
  EXPECT_TRUE(transaction->clear("d"));
  set(transaction, "e", "own");
  EXPECT_EQ(get_key(transaction, KeySelector::first_greater_than("b")), "e");
  EXPECT_EQ(get_key(transaction, KeySelector::last_less_than("f")), "e");
  EXPECT_EQ(get_key(transaction, {"f", false, -1}), "b");
}

TEST_P(StoreContract, RangeEndsAreSelectors) {
  put_all({"a", "b", "c", "d", "e"});
  auto transaction = begin();
  const auto result = transaction->get_range(KeySelector::last_less_than("c"), {"c", true, 2}, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(as_strings(*result), (Strings{"b=b", "c=c", "d=d"}));
  const auto after = transaction->get_range(KeySelector::first_greater_than("b"),
                                            KeySelector::first_greater_than("d"), {});
  ASSERT_TRUE(after);
  EXPECT_EQ(as_strings(*after), (Strings{"c=c", "d=d"}));
}

TEST_P(StoreContract, LimitCutsAScanAndSaysSo) {
  put_all({"a", "b", "c"});
  auto transaction = begin();
  auto result = transaction->get_range("a", "z", {.limit = 2});
  ASSERT_TRUE(result);
  EXPECT_EQ(as_strings(*result), (Strings{"a=a", "b=b"}));
  EXPECT_TRUE(result->more);
  result = transaction->get_range("a", "z", {.limit = 2, .reverse = true});
  ASSERT_TRUE(result);
  EXPECT_EQ(as_strings(*result), (Strings{"c=c", "b=b"}));
  EXPECT_TRUE(result->more);
  result = transaction->get_range("a", "z", {.limit = 4});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->rows.size(), 3u);
  EXPECT_FALSE(result->more);
}

TEST_P(StoreContract, EmptyLimitAndInvertedBoundsReadNothing) {
  put("b", "1");
  auto transaction = begin();
  EXPECT_EQ(range(transaction, "a", "z", {.limit = 0}), Strings{});
  EXPECT_EQ(range(transaction, "z", "a"), Strings{});
  EXPECT_EQ(range(transaction, "b", "b"), Strings{});
}

TEST_P(StoreContract, RangesAreClampedAtTheEndOfTheKeyspace) {
  put("\xfe", "last");
  auto transaction = begin();
  EXPECT_EQ(range(transaction, "\xfe", "\xff\xff\xff"), (Strings{"\xfe=last"}));
  EXPECT_EQ(range(transaction, "\xff", "\xff\xff"), Strings{});
}

TEST_P(StoreContract, LongAndShortKeysSortByTheirBytes) {
  const std::string long_key(31, 'k'), longer = long_key + std::string(1, '\0'),
                                       longest = long_key + "k";
  for (const std::string& key : {longest, std::string("k"), longer, std::string("l"), long_key}) {
    put(key, "v");
  }
  auto transaction = begin();
  EXPECT_EQ(range(transaction, "k", "z"),
            (Strings{"k=v", long_key + "=v", longer + "=v", longest + "=v", "l=v"}));
  EXPECT_EQ(get(transaction, longest), "v");
}

TEST_P(StoreContract, StampedValueIsUnreadableUntilCleared) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  put_all({"a", "c"});
  auto transaction = begin();
  const std::string operand = with_stamp_position(std::string(10, '.'), 0);
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kSetVersionstampedValue, "b", operand));
  EXPECT_EQ(get(transaction, "b"), "1036");
  EXPECT_EQ(get(transaction, "b", kSnapshot), "1036");
  EXPECT_EQ(range(transaction, "a", "z"), Strings{"1036"});
  EXPECT_EQ(range(transaction, "a", "z", {.limit = 1}), (Strings{"a=a"}));
  EXPECT_EQ(range(transaction, "a", "z", {.limit = 1, .reverse = true}), (Strings{"c=c"}));
  EXPECT_EQ(range(transaction, "a", "z", {.limit = 2, .reverse = true}), Strings{"1036"});
  EXPECT_EQ(get_key(transaction, KeySelector::first_greater_than("a")), "1036");
  set(transaction, "b", "plain");
  EXPECT_EQ(get(transaction, "b"), "1036");
  ASSERT_TRUE(transaction->clear("b"));
  EXPECT_EQ(get(transaction, "b"), "<none>");
  set(transaction, "b", "plain");
  EXPECT_EQ(get(transaction, "b"), "plain");
}

TEST_P(StoreContract, StampedKeyMakesItsPossibleKeysUnreadable) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  put_all({"a", "k", "l"});
  auto transaction = begin();
  const std::string key = with_stamp_position("k" + std::string(10, '.'), 1);
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kSetVersionstampedKey, key, "v"));
  EXPECT_EQ(get(transaction, "k"), "k");
  EXPECT_EQ(get(transaction, "k" + std::string(10, 'x')), "1036");
  EXPECT_EQ(range(transaction, "a", "l"), Strings{"1036"});
  EXPECT_EQ(range(transaction, "a", "l", {.limit = 2}), (Strings{"a=a", "k=k"}));
  EXPECT_EQ(range(transaction, "l", "z"), (Strings{"l=l"}));
  ASSERT_TRUE(transaction->clear_range("k", "l"));
  EXPECT_EQ(range(transaction, "a", "m"), (Strings{"a=a", "l=l"}));
}

}  // namespace
}  // namespace squall
