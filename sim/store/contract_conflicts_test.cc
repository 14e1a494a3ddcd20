// Which overlapping transactions conflict, and which must not.
#include "sim/store/store_contract.h"

namespace squall {
namespace {

using Handle = TransactionHandle;
constexpr int kConflict = 1020;
const std::string kZero(1, '\0');

TEST_P(StoreContract, GetConflictsWithItsKeyOnly) {
  const auto reads = [](Handle& t) { get(t, "b"); };
  EXPECT_EQ(commit_after(reads, "b"), kConflict);
  EXPECT_EQ(commit_after(reads, "a"), kOk);
  EXPECT_EQ(commit_after(reads, "b" + kZero), kOk);
  EXPECT_EQ(stored("~outcome"), "x");
}

TEST_P(StoreContract, RejectedTransactionLeavesNothing) {
  EXPECT_EQ(commit_after(
                [](Handle& t) {
                  get(t, "b");
                  set(t, "c", "1");
                },
                "b"),
            kConflict);
  EXPECT_EQ(stored("c"), "<none>");
}

TEST_P(StoreContract, EveryKindOfWriteConflictsWithAReader) {
  put("b", "1");
  const auto reads = [](Handle& t) { get(t, "b"); };
  EXPECT_EQ(commit_after(reads, [](Handle& t) { set(t, "b", "1"); }), kConflict);
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->clear("b"); }), kConflict);
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->clear("b"); }),
            kConflict);  // nothing there
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->clear_range("a", "c"); }), kConflict);
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->clear_range("a", "b"); }), kOk);
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->clear_range("b" + kZero, "c"); }), kOk);
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->atomic_op(AtomicOp::kAdd, "b", "1"); }),
            kConflict);
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->add_write_conflict_range("a", "c"); }),
            kConflict);
  const auto compare = [](Handle& t) {
    (void)t->atomic_op(AtomicOp::kCompareAndClear, "b", "something else");
  };
  EXPECT_EQ(commit_after(reads, compare), kConflict);
}

TEST_P(StoreContract, WritesAloneNeverConflict) {
  const auto writes = [](Handle& t) {
    set(t, "b", "1");
    (void)t->atomic_op(AtomicOp::kAdd, "c", "1");
  };
  EXPECT_EQ(commit_after(writes, "b"), kOk);
  EXPECT_EQ(commit_after(writes, "c"), kOk);
}

TEST_P(StoreContract, SnapshotReadsConflictWithNothing) {
  put_all({"a", "b"});
  const auto reads = [](Handle& t) {
    get(t, "b", kSnapshot);
    range(t, "a", "z", {.mode = kSnapshot});
    get_key(t, KeySelector::first_greater_than("a"), kSnapshot);
  };
  EXPECT_EQ(commit_after(reads, "b"), kOk);
}

TEST_P(StoreContract, GetOfAnIndependentlyWrittenKeyConflictsWithNothing) {
  EXPECT_EQ(commit_after(
                [](Handle& t) {
                  set(t, "b", "1");
                  get(t, "b");
                },
                "b"),
            kOk);
  EXPECT_EQ(commit_after(
                [](Handle& t) {
                  (void)t->clear_range("a", "c");
                  get(t, "b");
                },
                "b"),
            kOk);
  const auto dependent = [](Handle& t) {
    (void)t->atomic_op(AtomicOp::kAdd, "b", "1");
    get(t, "b");
  };
  EXPECT_EQ(commit_after(dependent, "b"), kConflict);
}

TEST_P(StoreContract, ScanConflictsWithWhatItConsumed) {
  put_all({"b", "d", "f"});
  const auto limited = [](Handle& t) { range(t, "a", "z", {.limit = 2}); };
  EXPECT_EQ(commit_after(limited, "a"), kConflict);
  EXPECT_EQ(commit_after(limited, "c"), kConflict);
  EXPECT_EQ(commit_after(limited, "d"), kConflict);
  EXPECT_EQ(commit_after(limited, "d" + kZero), kOk);
  EXPECT_EQ(commit_after(limited, "A"), kOk);
}

TEST_P(StoreContract, ReverseScanConflictsWithWhatItConsumed) {
  put_all({"b", "d", "f"});
  const auto limited = [](Handle& t) { range(t, "a", "m", {.limit = 2, .reverse = true}); };
  EXPECT_EQ(commit_after(limited, "m"), kOk);
  EXPECT_EQ(commit_after(limited, "c"), kOk);
  EXPECT_EQ(commit_after(limited, "d"), kConflict);
  EXPECT_EQ(commit_after(limited, "lll"), kConflict);
}

TEST_P(StoreContract, ExhaustedAndEmptyScansConflictWithTheirWholeRange) {
  put("b", "1");
  const auto exhausted = [](Handle& t) { range(t, "a", "m", {.limit = 9}); };
  EXPECT_EQ(commit_after(exhausted, "l"), kConflict);
  EXPECT_EQ(commit_after(exhausted, "m"), kOk);
  const auto empty = [](Handle& t) { range(t, "p", "q"); };
  EXPECT_EQ(commit_after(empty, "pp"), kConflict);
  EXPECT_EQ(commit_after(empty, "q"), kOk);
  const auto nothing = [](Handle& t) {
    range(t, "a", "z", {.limit = 0});
    range(t, "z", "a");
  };
  EXPECT_EQ(commit_after(nothing, "b"), kOk);
}

TEST_P(StoreContract, SelectorConflictsWithTheKeysItPassed) {
  put_all({"b", "f"});
  const auto forward = [](Handle& t) { get_key(t, KeySelector::first_greater_or_equal("c")); };
  EXPECT_EQ(commit_after(forward, "b"), kOk);
  EXPECT_EQ(commit_after(forward, "f"), kConflict);
  EXPECT_EQ(commit_after(forward, "g"), kOk);
  EXPECT_EQ(commit_after(forward, "c"), kConflict);
  const auto beyond = [](Handle& t) { get_key(t, KeySelector::first_greater_than("f")); };
  EXPECT_EQ(commit_after(beyond, "f"), kOk);
  EXPECT_EQ(commit_after([](Handle& t) { get_key(t, KeySelector::first_greater_or_equal("\xfe")); },
                         "\xfe\x01"),
            kConflict);
}

TEST_P(StoreContract, BackwardSelectorConflictsWithTheKeysItPassed) {
  put_all({"b", "f"});
  const auto less = [](Handle& t) { get_key(t, KeySelector::last_less_than("f")); };
  EXPECT_EQ(commit_after(less, "f"), kOk);
  EXPECT_EQ(commit_after(less, "b"), kConflict);
  EXPECT_EQ(commit_after(less, "a"), kOk);
  const auto or_equal = [](Handle& t) { get_key(t, KeySelector::last_less_or_equal("f")); };
  EXPECT_EQ(commit_after(or_equal, "f"), kConflict);
  EXPECT_EQ(commit_after(or_equal, "e"), kOk);
}

TEST_P(StoreContract, ExplicitReadRangesConflict) {
  const auto reads = [](Handle& t) { (void)t->add_read_conflict_range("b", "d"); };
  EXPECT_EQ(commit_after(reads, "c"), kConflict);
  EXPECT_EQ(commit_after(reads, "d"), kOk);
  EXPECT_EQ(commit_after(reads, [](Handle& t) { (void)t->clear_range("a", "bb"); }), kConflict);
}

TEST_P(StoreContract, OverlappingRangeWritesKeepTheirOwnVersions) {
  auto old_reader = begin();
  ASSERT_TRUE(old_reader->add_read_conflict_range("m", "n"));
  ASSERT_TRUE(old_reader->get_read_version());
  auto first = begin();
  ASSERT_TRUE(first->clear_range("a", "z"));
  ASSERT_EQ(commit(first), kOk);
  auto reader = begin();
  ASSERT_TRUE(reader->add_read_conflict_range("m", "n"));
  ASSERT_TRUE(reader->get_read_version());
  auto second = begin();
  ASSERT_TRUE(second->clear_range("b", "c"));
  ASSERT_EQ(commit(second), kOk);
  set(reader, "~", "x");
  EXPECT_EQ(commit(reader), kOk);
  set(old_reader, "~", "x");
  EXPECT_EQ(commit(old_reader), kConflict);
}

TEST_P(StoreContract, ReadOnlyTransactionsCommitAtOnceWhateverHappened) {
  auto reader = begin();
  get(reader, "a");
  put("a", "1");
  pass_us(10'000'000);
  const auto version = reader->commit();
  ASSERT_TRUE(version);
  EXPECT_EQ(*version, -1);
}

TEST_P(StoreContract, WriteConflictRangeAloneIsValidated) {
  auto transaction = begin();
  get(transaction, "a");
  ASSERT_TRUE(transaction->add_write_conflict_range("x", "y"));
  put("a", "1");
  EXPECT_EQ(commit(transaction), kConflict);
}

TEST_P(StoreContract, StampedKeyConflictsOnItsFinalKey) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  const std::string key = "k" + std::string(10, '.') + "\1" + std::string(3, '\0');
  const auto stamps = [&](Handle& t) {
    (void)t->atomic_op(AtomicOp::kSetVersionstampedKey, key, "v");
  };
  EXPECT_EQ(commit_after([](Handle& t) { range(t, "k", "l"); }, stamps), kConflict);
  EXPECT_EQ(commit_after([](Handle& t) { range(t, "k.", "l"); }, stamps), kOk);
}

TEST_P(StoreContract, ConflictingRetrySucceeds) {
  put("a", "1");
  auto transaction = begin();
  get(transaction, "a");
  put("a", "2");
  set(transaction, "b", "1");
  ASSERT_EQ(commit(transaction), kConflict);
  ASSERT_TRUE(transaction->on_error({StoreCode::kNotCommitted}));
  EXPECT_EQ(get(transaction, "a"), "2");
  EXPECT_EQ(get(transaction, "b"), "<none>");
  set(transaction, "b", "1");
  EXPECT_EQ(commit(transaction), kOk);
}

}  // namespace
}  // namespace squall
