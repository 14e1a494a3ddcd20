// A store in memory for the engine's tests: serializable, immediate, with failures by script. Only
// what the engine uses: no selectors, atomics or versionstamps.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "engine/assert.h"
#include "engine/store.h"

namespace squall::test_support {

enum class Fate : uint8_t {
  kLands,
  kRefused,        // 1020, nothing written
  kUnknownLands,   // 1021, written
  kUnknownLost,    // 1021, nothing written
  kTimesOutLands,  // 1031 now; lands at land_late(), if nothing conflicts then
  kTooOld,         // 1007, nothing written
};

class FakeDatabase final : public Database {
 public:
  using Rows = std::map<std::string, SharedBytes, std::less<>>;

  TransactionHandle begin() override { return TransactionHandle(new FakeTransaction(*this)); }
  StoreCapabilities capabilities() const override { return {}; }

  const Rows& rows() const { return *rows_; }
  void overwrite(std::string_view key, SharedBytes value) {
    mutable_rows()[std::string(key)] = std::move(value);
  }
  void erase(std::string_view key) { mutable_rows().erase(std::string(key)); }

  // Asked before each commit with mutations; kLands when it is empty.
  std::function<Fate()> commit_fate;
  // Asked before each read; a code is answered instead of data.
  std::function<std::optional<StoreCode>()> read_failure;
  // The next commits' fates, before commit_fate is asked.
  std::deque<Fate> next_fates;

  uint64_t reads = 0;    // round trips
  uint64_t commits = 0;  // with mutations, asked for
  size_t largest_transaction_bytes = 0;

  // Lands what timed out.
  void land_late() {
    auto late = std::move(late_);
    late_.clear();
    for (const Package& package : late) land(package);
  }

 private:
  struct Operation {
    std::string begin;
    std::string end;  // of a range clear; empty for set
    std::optional<SharedBytes> value;
  };
  using Range = std::pair<std::string, std::string>;
  struct Package {
    int64_t read_version = 0;
    std::vector<Range> reads;
    std::vector<Operation> writes;
  };

  static std::string after(std::string_view key) { return std::string(key) + '\0'; }

  static void apply(const std::vector<Operation>& writes, Rows* rows) {
    for (const Operation& write : writes) {
      if (write.value) {
        (*rows)[write.begin] = *write.value;
      } else {
        rows->erase(rows->lower_bound(write.begin), rows->lower_bound(write.end));
      }
    }
  }

  Rows& mutable_rows() {
    if (rows_.use_count() > 1) rows_ = std::make_shared<Rows>(*rows_);
    return *rows_;
  }

  bool conflicts(const Package& package) const {
    for (const auto& [begin, end] : package.reads) {
      for (const auto& [version, write_begin, write_end] : history_) {
        if (version > package.read_version && write_begin < end && begin < write_end) return true;
      }
    }
    return false;
  }

  bool land(const Package& package) {
    if (conflicts(package)) return false;
    ++version_;
    for (const Operation& write : package.writes)
      history_.push_back({version_, write.begin, write.end});
    while (history_.size() > kHistoryRanges) history_.pop_front();
    apply(package.writes, &mutable_rows());
    return true;
  }

  class FakeTransaction final : public Transaction {
   public:
    explicit FakeTransaction(FakeDatabase& database) : database_(database) {}

    StoreResult<int64_t> get_read_version() override { return pin(), package_.read_version; }

    StoreResult<std::optional<SharedBytes>> get(std::string_view key, ReadMode mode) override {
      if (auto failed = before_read()) return StoreFailure({*failed});
      return read(key, mode);
    }
    StoreResult<void> get_many(std::span<const std::string_view> keys, ReadMode mode,
                               std::vector<std::optional<SharedBytes>>* out) override {
      if (auto failed = before_read()) return StoreFailure({*failed});
      out->clear();
      for (const std::string_view key : keys) out->push_back(read(key, mode));
      return {};
    }
    StoreResult<SharedBytes> get_key(KeySelector, ReadMode) override {
      SQUALL_ASSERT(false);
      return SharedBytes();
    }
    StoreResult<RangeResult> get_range(KeySelector begin, KeySelector end,
                                       RangeOptions options) override {
      SQUALL_ASSERT(options.limit == SIZE_MAX);
      if (auto failed = before_read()) return StoreFailure({*failed});
      if (options.mode == ReadMode::kSerializable) package_.reads.emplace_back(begin.key, end.key);
      const Rows view = seen();
      RangeResult result;
      for (auto row = view.lower_bound(begin.key); row != view.lower_bound(end.key); ++row) {
        result.rows.push_back({SharedBytes(row->first), row->second});
      }
      return result;
    }

    StoreResult<void> set(std::string_view key, SharedBytes value) override {
      if (key.size() > kMaxKeyBytes) return StoreFailure({StoreCode::kKeyTooLarge});
      if (value.size() > kMaxValueBytes) return StoreFailure({StoreCode::kValueTooLarge});
      bytes_ += 3 * key.size() + value.size();
      package_.writes.push_back({std::string(key), after(key), std::move(value)});
      return {};
    }
    StoreResult<void> clear(std::string_view key) override { return clear_range(key, after(key)); }
    StoreResult<void> clear_range(std::string_view begin, std::string_view end) override {
      bytes_ += 2 * (begin.size() + end.size());
      package_.writes.push_back({std::string(begin), std::string(end), std::nullopt});
      return {};
    }
    StoreResult<void> atomic_op(AtomicOp, std::string_view, std::string_view) override {
      return StoreFailure({StoreCode::kClientInvalidOperation});
    }
    StoreResult<void> add_read_conflict_range(std::string_view begin,
                                              std::string_view end) override {
      package_.reads.emplace_back(begin, end);
      return {};
    }
    StoreResult<void> add_write_conflict_range(std::string_view, std::string_view) override {
      return {};
    }
    StoreResult<void> disable_snapshot_read_your_writes() override { return {}; }
    StoreResult<void> set_timeout_us(int64_t) override { return {}; }

    StoreResult<int64_t> commit() override {
      if (package_.writes.empty()) return -1;
      pin();
      ++database_.commits;
      database_.largest_transaction_bytes = std::max(database_.largest_transaction_bytes, bytes_);
      if (bytes_ > kMaxTransactionBytes) return StoreFailure({StoreCode::kTransactionTooLarge});
      snapshot_.reset();
      switch (fate()) {
        case Fate::kLands: break;
        case Fate::kRefused: return StoreFailure({StoreCode::kNotCommitted});
        case Fate::kTooOld: return StoreFailure({StoreCode::kTransactionTooOld});
        case Fate::kUnknownLost: return StoreFailure({StoreCode::kCommitUnknownResult});
        case Fate::kUnknownLands:
          database_.land(package_);
          return StoreFailure({StoreCode::kCommitUnknownResult});
        case Fate::kTimesOutLands:
          database_.late_.push_back(package_);
          return StoreFailure({StoreCode::kTransactionTimedOut});
      }
      if (!database_.land(package_)) return StoreFailure({StoreCode::kNotCommitted});
      return database_.version_;
    }
    StoreResult<Versionstamp> get_versionstamp() override {
      return StoreFailure({StoreCode::kClientInvalidOperation});
    }
    StoreResult<void> on_error(StoreError error) override {
      if (!is_retryable_not_committed(error.code) && !is_maybe_committed(error.code))
        return StoreFailure(error);
      reset();
      return {};
    }
    void reset() override {
      package_ = {};
      snapshot_.reset();
      bytes_ = 0;
    }
    void cancel() override {}

   protected:
    void recycle() override { delete this; }

   private:
    void pin() {
      if (snapshot_) return;
      snapshot_ = database_.rows_;
      package_.read_version = database_.version_;
    }
    std::optional<StoreCode> before_read() {
      pin();
      ++database_.reads;
      return database_.read_failure ? database_.read_failure() : std::nullopt;
    }
    Rows seen() const {
      Rows view = *snapshot_;
      apply(package_.writes, &view);
      return view;
    }
    std::optional<SharedBytes> read(std::string_view key, ReadMode mode) {
      if (mode == ReadMode::kSerializable) package_.reads.emplace_back(key, after(key));
      const auto find = [&](const Rows& rows) -> std::optional<SharedBytes> {
        const auto found = rows.find(key);
        return found == rows.end() ? std::nullopt : std::optional(found->second);
      };
      return package_.writes.empty() ? find(*snapshot_) : find(seen());
    }
    Fate fate() {
      if (!database_.next_fates.empty()) {
        const Fate next = database_.next_fates.front();
        database_.next_fates.pop_front();
        return next;
      }
      return database_.commit_fate ? database_.commit_fate() : Fate::kLands;
    }

    FakeDatabase& database_;
    std::shared_ptr<Rows> snapshot_;
    Package package_;
    size_t bytes_ = 0;
  };

  static constexpr size_t kHistoryRanges = 4000;
  struct Written {
    int64_t version;
    std::string begin;
    std::string end;
  };
  std::shared_ptr<Rows> rows_ = std::make_shared<Rows>();
  std::deque<Written> history_;
  std::vector<Package> late_;
  int64_t version_ = 1;
};

}  // namespace squall::test_support
