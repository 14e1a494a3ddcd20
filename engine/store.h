// The store that the engine stands on: a transactional, ordered key-value store with FoundationDB's
// semantics, in blocking style. One implementation simulates a cluster (sim/store/); real stores
// follow behind the same contract suite.
//
// Every call that needs the cluster may wait and may fail with a code; the codes, limits, conflict
// ranges and read-your-writes rules are FoundationDB's. A fiber that dies while it waits unwinds
// through these calls (runtime.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "engine/shared_bytes.h"

namespace squall {

// FoundationDB's error codes, as far as a client can meet them.
enum class StoreCode : uint16_t {
  kTransactionTooOld = 1007,
  kFutureVersion = 1009,
  kNotCommitted = 1020,          // conflict: nothing was written
  kCommitUnknownResult = 1021,   // landed or never will
  kTransactionCancelled = 1025,  // a commit in flight may still land
  kTransactionTimedOut = 1031,   // a commit in flight may still land
  kAccessedUnreadable = 1036,
  kProcessBehind = 1037,
  kDatabaseLocked = 1038,
  kClusterVersionChanged = 1039,  // maybe committed
  kCommitProxyMemoryLimit = 1042,
  kTagThrottled = 1213,
  kClientInvalidOperation = 2000,
  kUsedDuringCommit = 2017,
  kTransactionTooLarge = 2101,
  kKeyTooLarge = 2102,
  kValueTooLarge = 2103,
};

struct StoreError {
  StoreCode code;
};
template <typename T>
using StoreResult = tl::expected<T, StoreError>;
using StoreFailure = tl::unexpected<StoreError>;

// Retryable and surely not committed.
bool is_retryable_not_committed(StoreCode code);
// Retryable after the caller has found out whether the commit landed.
bool is_maybe_committed(StoreCode code);
const char* to_string(StoreCode code);

inline constexpr size_t kMaxKeyBytes = 10'000;
inline constexpr size_t kMaxValueBytes = 100'000;
inline constexpr size_t kMaxTransactionBytes = 10'000'000;
inline constexpr int64_t kMaxTransactionAgeVersions = 5'000'000;

enum class ReadMode : uint8_t {
  kSerializable,  // adds read conflict ranges
  kSnapshot,      // adds none
};

enum class AtomicOp : uint8_t {
  kAdd,
  kAnd,
  kOr,
  kXor,
  kMax,
  kMin,
  kByteMin,
  kByteMax,
  kAppendIfFits,
  kCompareAndClear,
  kSetVersionstampedKey,
  kSetVersionstampedValue,
};

// The first key of a range read: FoundationDB's selector. Resolves to the key `offset` keys after
// the last key that is < key (<= key with or_equal); offset 1 is the first key >= (>) it.
struct KeySelector {
  std::string_view key;
  bool or_equal = false;
  int32_t offset = 1;

  static KeySelector first_greater_or_equal(std::string_view key) { return {key, false, 1}; }
  static KeySelector first_greater_than(std::string_view key) { return {key, true, 1}; }
  static KeySelector last_less_than(std::string_view key) { return {key, false, 0}; }
  static KeySelector last_less_or_equal(std::string_view key) { return {key, true, 0}; }
};

struct RangeOptions {
  size_t limit = SIZE_MAX;  // rows; 0 reads nothing and conflicts with nothing
  bool reverse = false;
  ReadMode mode = ReadMode::kSerializable;
};

struct KeyValue {
  SharedBytes key;
  SharedBytes value;
};

struct RangeResult {
  std::vector<KeyValue> rows;  // in scan order
  bool more = false;           // true when the limit cut the scan
};

using Versionstamp = std::array<char, 10>;  // version (8 bytes) + batch index (2), big-endian

class Transaction {
 public:
  virtual ~Transaction() = default;

  // --- reads: wait one round trip each, see the transaction's own writes ---
  virtual StoreResult<int64_t> get_read_version() = 0;
  virtual StoreResult<std::optional<SharedBytes>> get(std::string_view key, ReadMode mode) = 0;
  // Many point reads in one round trip, all at the transaction's read version; out[i] answers
  // keys[i].
  virtual StoreResult<void> get_many(std::span<const std::string_view> keys, ReadMode mode,
                                     std::vector<std::optional<SharedBytes>>* out) = 0;
  // The selected key; empty when it lies before the first key, "\xff" when after the last.
  virtual StoreResult<SharedBytes> get_key(KeySelector selector, ReadMode mode) = 0;
  virtual StoreResult<RangeResult> get_range(KeySelector begin, KeySelector end,
                                             RangeOptions options) = 0;
  StoreResult<RangeResult> get_range(std::string_view begin, std::string_view end,
                                     RangeOptions options) {
    return get_range(KeySelector::first_greater_or_equal(begin),
                     KeySelector::first_greater_or_equal(end), options);
  }

  // --- writes: buffered, no wait; a key or value over its limit fails at the call ---
  virtual StoreResult<void> set(std::string_view key, SharedBytes value) = 0;
  virtual StoreResult<void> clear(std::string_view key) = 0;
  virtual StoreResult<void> clear_range(std::string_view begin, std::string_view end) = 0;
  virtual StoreResult<void> atomic_op(AtomicOp op, std::string_view key,
                                      std::string_view operand) = 0;

  virtual StoreResult<void> add_read_conflict_range(std::string_view begin,
                                                    std::string_view end) = 0;
  virtual StoreResult<void> add_write_conflict_range(std::string_view begin,
                                                     std::string_view end) = 0;
  // Reads of kSnapshot mode stop seeing this transaction's own writes.
  virtual StoreResult<void> disable_snapshot_read_your_writes() = 0;
  // From now on a wait of the transaction ends with 1031 after timeout_us (0: never); a commit that
  // times out may land up to 5 s later.
  virtual StoreResult<void> set_timeout_us(int64_t timeout_us) = 0;

  // Waits for the outcome. A read-only transaction succeeds at once. Returns the commit version, or
  // -1 for a read-only transaction.
  virtual StoreResult<int64_t> commit() = 0;
  // Of a committed transaction that wrote.
  virtual StoreResult<Versionstamp> get_versionstamp() = 0;

  // After a failure: waits the back-off and resets the transaction for another try, or gives the
  // error back where another try cannot help. Maybe-committed codes are retried as well: the caller
  // looks first.
  virtual StoreResult<void> on_error(StoreError error) = 0;
  virtual void reset() = 0;
  // Every call from now on fails with 1025; a commit in flight may still land.
  virtual void cancel() = 0;

 protected:
  // Hands the object back to whoever made it.
  virtual void recycle() = 0;
  friend struct TransactionRecycler;
};

struct TransactionRecycler {
  void operator()(Transaction* transaction) const { transaction->recycle(); }
};
using TransactionHandle = std::unique_ptr<Transaction, TransactionRecycler>;

// What an implementation may decline.
struct StoreCapabilities {
  bool versionstamps = true;
};

class Database {
 public:
  virtual ~Database() = default;
  virtual TransactionHandle begin() = 0;
  virtual StoreCapabilities capabilities() const = 0;
};

}  // namespace squall
