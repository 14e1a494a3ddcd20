// The contract of engine/store.h as tests. Each contract_*_test.cc holds one part, written against
// the interface only; an implementation runs all of them by INSTANTIATE_TEST_SUITE_P(name,
// StoreContract, Values(its world)), as simulated_store_test.cc does. Transactions overlap by being
// interleaved in one thread.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/store.h"

namespace squall {

// One fresh, empty store under test with its clock.
class StoreWorld {
 public:
  virtual ~StoreWorld() = default;
  virtual Database& database() = 0;
  // Lets that much of the store's time pass.
  virtual void pass_us(int64_t duration_us) = 0;
};
using StoreWorldFactory = std::function<std::unique_ptr<StoreWorld>()>;

using Strings = std::vector<std::string>;

// "key=value" of each row, in scan order.
inline Strings as_strings(const RangeResult& result) {
  Strings strings;
  for (const KeyValue& row : result.rows) {
    strings.push_back(std::string(row.key.view()) + "=" + std::string(row.value.view()));
  }
  return strings;
}

template <typename T>
int code_of(const StoreResult<T>& result) {
  return result ? 0 : static_cast<int>(result.error().code);
}

class StoreContract : public testing::TestWithParam<StoreWorldFactory> {
 protected:
  static constexpr ReadMode kSerializable = ReadMode::kSerializable;
  static constexpr ReadMode kSnapshot = ReadMode::kSnapshot;
  static constexpr int kOk = 0;

  StoreContract() : world_(GetParam()()) {}

  TransactionHandle begin() { return world_->database().begin(); }
  void pass_us(int64_t duration_us) { world_->pass_us(duration_us); }

  static int set(TransactionHandle& transaction, std::string_view key, std::string_view value) {
    return code_of(transaction->set(key, SharedBytes(value)));
  }
  // The value, "<none>", or the error's number.
  static std::string get(TransactionHandle& transaction, std::string_view key,
                         ReadMode mode = kSerializable) {
    const auto value = transaction->get(key, mode);
    if (!value) return std::to_string(code_of(value));
    return *value ? std::string((*value)->view()) : "<none>";
  }
  static std::string get_key(TransactionHandle& transaction, KeySelector selector,
                             ReadMode mode = kSerializable) {
    const auto key = transaction->get_key(selector, mode);
    return key ? std::string(key->view()) : std::to_string(code_of(key));
  }
  // "key=value" of each row, or the error's number.
  static Strings range(TransactionHandle& transaction, std::string_view begin, std::string_view end,
                       RangeOptions options = {}) {
    const auto result = transaction->get_range(begin, end, options);
    return result ? as_strings(*result) : Strings{std::to_string(code_of(result))};
  }
  static int commit(TransactionHandle& transaction) { return code_of(transaction->commit()); }

  // Writes in a transaction of their own.
  void put(std::string_view key, std::string_view value) {
    TransactionHandle transaction = begin();
    ASSERT_EQ(set(transaction, key, value), kOk);
    ASSERT_EQ(commit(transaction), kOk);
  }
  void put_all(const Strings& keys) {
    for (const std::string& key : keys) put(key, key);
  }
  std::string stored(std::string_view key) {
    TransactionHandle transaction = begin();
    return get(transaction, key);
  }

  // The outcome of a transaction that does `reads`, while another one does `writes` and commits
  // before it.
  using Body = std::function<void(TransactionHandle&)>;
  int commit_after(const Body& reads, const Body& writes) {
    TransactionHandle reader = begin();
    EXPECT_TRUE(reader->get_read_version());
    reads(reader);
    TransactionHandle writer = begin();
    writes(writer);
    EXPECT_EQ(commit(writer), kOk);
    EXPECT_EQ(set(reader, "~outcome", "x"), kOk);
    return commit(reader);
  }
  // The same where the other one counts as a writer of a key, but leaves the data as they are.
  int commit_after(const Body& reads, const std::string& written_key) {
    return commit_after(reads, [&](TransactionHandle& writer) {
      EXPECT_TRUE(writer->add_write_conflict_range(written_key, written_key + '\0'));
    });
  }

  std::unique_ptr<StoreWorld> world_;
};

}  // namespace squall
