// Atomic operations and versionstamps.
#include "sim/store/store_contract.h"

namespace squall {
namespace {

using namespace std::string_literals;
const std::string kAbsent = "<none>";

struct AtomicCase {
  AtomicOp op;
  std::string existing;  // kAbsent: no value
  std::string operand;
  std::string expected;
};

std::vector<AtomicCase> atomic_cases() {
  const std::string nearly_full(99'999, 'x');
  return {
      {AtomicOp::kAdd, "\x01"s, "\x02"s, "\x03"s},
      {AtomicOp::kAdd, "\xff\x00"s, "\x01\x00"s, "\x00\x01"s},      // carries
      {AtomicOp::kAdd, "\xff"s, "\x01"s, "\x00"s},                  // wraps
      {AtomicOp::kAdd, "\x01\x02\x03"s, "\x01"s, "\x02"s},          // cut to the operand
      {AtomicOp::kAdd, "\xff"s, "\x01\x00\x00"s, "\x00\x01\x00"s},  // extended to it
      {AtomicOp::kAdd, kAbsent, "\x05\x00"s, "\x05\x00"s},
      {AtomicOp::kAdd, ""s, "\x05"s, "\x05"s},
      {AtomicOp::kAdd, "\x05"s, ""s, ""s},
      {AtomicOp::kOr, "\x0c\x01"s, "\x0a"s, "\x0e"s},
      {AtomicOp::kOr, "\x0c"s, "\x0a\x01"s, "\x0e\x01"s},
      {AtomicOp::kOr, kAbsent, "\x0a"s, "\x0a"s},
      {AtomicOp::kXor, "\x0c"s, "\x0a\x01"s, "\x06\x01"s},
      {AtomicOp::kXor, kAbsent, "\x0a"s, "\x0a"s},
      {AtomicOp::kAnd, "\x0c\xff"s, "\x0a"s, "\x08"s},
      {AtomicOp::kAnd, "\x0c"s, "\x0a\xff"s, "\x08\x00"s},
      {AtomicOp::kAnd, kAbsent, "\x0a"s, "\x0a"s},
      {AtomicOp::kMax, "\x01\x02"s, "\x02\x01"s,
       "\x01\x02"s},                                // little-endian: the last byte counts most
      {AtomicOp::kMax, "\x80"s, "\x7f"s, "\x80"s},  // unsigned
      {AtomicOp::kMax, "\x01\x00\x09"s, "\x02\x00"s, "\x02\x00"s},
      {AtomicOp::kMax, "\x07"s, "\x02\x00"s, "\x07\x00"s},
      {AtomicOp::kMax, kAbsent, "\x00"s, "\x00"s},
      {AtomicOp::kMin, "\x01\x02"s, "\x02\x01"s, "\x02\x01"s},
      {AtomicOp::kMin, "\x80"s, "\x7f"s, "\x7f"s},
      {AtomicOp::kMin, "\x07"s, "\x02\x01"s, "\x07\x00"s},
      {AtomicOp::kMin, kAbsent, "\x09"s, "\x09"s},
      {AtomicOp::kByteMin, "ab"s, "b"s, "ab"s},
      {AtomicOp::kByteMin, "b"s, "ab"s, "ab"s},
      {AtomicOp::kByteMin, kAbsent, "z"s, "z"s},
      {AtomicOp::kByteMax, "ab"s, "b"s, "b"s},
      {AtomicOp::kByteMax, "b\x80"s, "b\x7f"s, "b\x80"s},
      {AtomicOp::kByteMax, kAbsent, "a"s, "a"s},
      {AtomicOp::kAppendIfFits, "ab"s, "cd"s, "abcd"s},
      {AtomicOp::kAppendIfFits, kAbsent, "cd"s, "cd"s},
      {AtomicOp::kAppendIfFits, nearly_full, "y"s, nearly_full + "y"},
      {AtomicOp::kAppendIfFits, nearly_full, "yz"s, nearly_full},
      {AtomicOp::kCompareAndClear, "ab"s, "ab"s, kAbsent},
      {AtomicOp::kCompareAndClear, "ab"s, "a"s, "ab"s},
      {AtomicOp::kCompareAndClear, kAbsent, "ab"s, kAbsent},
      {AtomicOp::kCompareAndClear, kAbsent, ""s, kAbsent},
  };
}

TEST_P(StoreContract, AtomicsGiveTheSameInTheStoreAndInOwnReads) {
  int number = 0;
  for (const AtomicCase& atomic : atomic_cases()) {
    SCOPED_TRACE(number);
    const std::string key = "k" + std::to_string(number++);
    if (atomic.existing != kAbsent) put(key, atomic.existing);
    auto transaction = begin();
    ASSERT_TRUE(transaction->atomic_op(atomic.op, key, atomic.operand));
    EXPECT_EQ(get(transaction, key), atomic.expected);
    auto blind = begin();
    ASSERT_TRUE(blind->atomic_op(atomic.op, key, atomic.operand));
    ASSERT_EQ(commit(blind), 0);
    EXPECT_EQ(stored(key), atomic.expected);
  }
}

TEST_P(StoreContract, AtomicsApplyToTheValueAtCommitNotAtRead) {
  put("n", "\x01");
  auto transaction = begin();
  EXPECT_EQ(get(transaction, "n", kSnapshot), "\x01");
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kAdd, "n", "\x01"));
  put("n", "\x05");
  ASSERT_EQ(commit(transaction), 0);
  EXPECT_EQ(stored("n"), "\x06");
}

TEST_P(StoreContract, AtomicsOfOneTransactionApplyInOrder) {
  auto transaction = begin();
  set(transaction, "a", "x");
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kAppendIfFits, "a", "y"));
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kAppendIfFits, "a", "z"));
  ASSERT_TRUE(transaction->clear("b"));
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kAppendIfFits, "b", "1"));
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kCompareAndClear, "b", "1"));
  ASSERT_EQ(commit(transaction), 0);
  EXPECT_EQ(stored("a"), "xyz");
  EXPECT_EQ(stored("b"), "<none>");
}

TEST_P(StoreContract, PlainSetNeverLooksIntoItsValue) {
  const std::string tricky = "\x33"s + std::string(20, 'x') + "\0\0\0\0"s;
  put("a", tricky);
  EXPECT_EQ(stored("a"), tricky);
}

// --- versionstamps ---

std::string with_position(std::string bytes, uint32_t position) {
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(position >> 8 * i));
  return bytes;
}

TEST_P(StoreContract, StampsValueAndKeyWithTheCommitVersion) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  auto transaction = begin();
  const std::string value = with_position("<" + std::string(10, '.') + ">", 1);
  const std::string key = with_position("k" + std::string(10, '.') + "k", 1);
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kSetVersionstampedValue, "v", value));
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kSetVersionstampedKey, key, "stamped"));
  const auto version = transaction->commit();
  ASSERT_TRUE(version);
  const auto stamp = transaction->get_versionstamp();
  ASSERT_TRUE(stamp);
  const std::string bytes(stamp->begin(), stamp->end());
  std::string big_endian;
  for (int shift = 56; shift >= 0; shift -= 8) {
    big_endian.push_back(static_cast<char>(*version >> shift));
  }
  EXPECT_EQ(bytes.substr(0, 8), big_endian);
  EXPECT_EQ(stored("v"), "<" + bytes + ">");
  EXPECT_EQ(stored("k" + bytes + "k"), "stamped");
}

TEST_P(StoreContract, StampsRiseWithTheCommits) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  std::string last;
  for (int i = 0; i < 10; ++i) {
    auto transaction = begin();
    set(transaction, "a", "1");
    ASSERT_EQ(commit(transaction), 0);
    const auto stamp = transaction->get_versionstamp();
    ASSERT_TRUE(stamp);
    const std::string bytes(stamp->begin(), stamp->end());
    EXPECT_GT(bytes, last);
    last = bytes;
  }
}

TEST_P(StoreContract, StampThatDoesNotFitIsRefusedAtTheCall) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  const auto try_both = [&](const std::string& operand) {
    auto transaction = begin();
    const int key = code_of(transaction->atomic_op(AtomicOp::kSetVersionstampedKey, operand, "v"));
    EXPECT_EQ(code_of(transaction->atomic_op(AtomicOp::kSetVersionstampedValue, "k", operand)),
              key);
    return key;
  };
  EXPECT_EQ(try_both(with_position(std::string(10, '.'), 0)), 0);
  EXPECT_EQ(try_both(with_position(std::string(10, '.'), 1)), 2000);
  EXPECT_EQ(try_both(with_position(std::string(9, '.'), 0)), 2000);
  EXPECT_EQ(try_both(with_position(std::string(20, '.'), 0xffffffff)), 2000);
  EXPECT_EQ(try_both("abc"), 2000);
  EXPECT_EQ(try_both(""), 2000);
}

TEST_P(StoreContract, RangeClearOfTheTemplateDropsAStampedKey) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  auto transaction = begin();
  const std::string key = with_position("k" + std::string(10, '.'), 1);
  ASSERT_TRUE(transaction->atomic_op(AtomicOp::kSetVersionstampedKey, key, "v"));
  ASSERT_TRUE(transaction->clear_range("k", "l"));
  ASSERT_EQ(commit(transaction), 0);
  auto reader = begin();
  EXPECT_EQ(range(reader, "", "\xff"), Strings{});
}

}  // namespace
}  // namespace squall
