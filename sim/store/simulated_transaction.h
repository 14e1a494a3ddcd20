// A transaction of the simulated store. Reads are in simulated_reads.cc, writes and commit in
// simulated_transaction.cc; what each call promises stands in engine/store.h.
#pragma once

#include "sim/store/merged_scan.h"
#include "sim/store/simulated_store.h"
#include "sim/store/store_limits.h"

namespace squall::sim {

class SimulatedTransaction final : public squall::Transaction {
 public:
  explicit SimulatedTransaction(SimulatedStore& store)
      : store_(store), cluster_(store.cluster_), pacer_(cluster_.pacer()) {}

  StoreResult<int64_t> get_read_version() override;
  StoreResult<std::optional<SharedBytes>> get(std::string_view key, ReadMode mode) override;
  StoreResult<void> get_many(std::span<const std::string_view> keys, ReadMode mode,
                             std::vector<std::optional<SharedBytes>>* out) override;
  StoreResult<SharedBytes> get_key(KeySelector selector, ReadMode mode) override;
  using squall::Transaction::get_range;
  StoreResult<RangeResult> get_range(KeySelector begin, KeySelector end,
                                     RangeOptions options) override;

  StoreResult<void> set(std::string_view key, SharedBytes value) override;
  StoreResult<void> clear(std::string_view key) override;
  StoreResult<void> clear_range(std::string_view begin, std::string_view end) override;
  StoreResult<void> atomic_op(AtomicOp op, std::string_view key, std::string_view operand) override;

  StoreResult<void> add_read_conflict_range(std::string_view begin, std::string_view end) override;
  StoreResult<void> add_write_conflict_range(std::string_view begin, std::string_view end) override;
  StoreResult<void> disable_snapshot_read_your_writes() override;
  StoreResult<void> set_timeout_us(int64_t timeout_us) override;

  StoreResult<int64_t> commit() override;
  StoreResult<Versionstamp> get_versionstamp() override;
  StoreResult<void> on_error(StoreError error) override;
  void reset() override;
  void cancel() override { state_ = State::kCancelled; }

  // It will never read before this version; nothing: it hasn't asked for one.
  std::optional<int64_t> reads_from() const { return read_version_ ? read_version_ : asked_from_; }

 protected:
  void recycle() override { store_.recycle(this); }

 private:
  enum class State : uint8_t { kActive, kCommitStarted, kCommitted, kCancelled, kTimedOut };
  static constexpr int64_t kNoDeadline = -1;
  static constexpr int64_t kFirstBackoffUs = 10'000;
  static constexpr int64_t kMaxBackoffUs = 1'000'000;

  // Fails unless the transaction may be used.
  StoreResult<void> check_usable();
  StoreFailure over_limit(StoreCode code, uint64_t size_bytes) const;
  // check_usable, and the keys of a write or of explicit conflict ranges are legal.
  StoreResult<void> check_write(std::string_view key);
  StoreResult<void> check_bounds(std::string_view begin, std::string_view end);
  // Waits, as long as the timeout and the other users of this transaction let it.
  StoreResult<void> wait(int64_t duration_us);
  // One read's way to the store and back: afterwards the read version is known and readable.
  StoreResult<void> round_trip();

  // The version whose data a read sees now.
  int64_t visible_version() const;
  // The transaction's own writes as far as a read of this mode sees them, or null.
  const WriteSet* own_writes(ReadMode mode);
  bool needs_store(const WriteSet* own, const StoreKey& key) const;
  std::optional<SharedBytes> answer_get(const WriteSet* own, const StoreKey& key, ReadMode mode);
  // The boundary or key that a selector stands for, with the read conflict that this takes.
  StoreResult<StoreKey> resolve(KeySelector selector, const WriteSet* own, ReadMode mode);
  // To the pacer, which may bend the values.
  void show_rows(std::vector<KeyValue>* rows);
  StoreResult<RangeResult> scan(const StoreKey& begin, const StoreKey& end, const WriteSet* own,
                                RangeOptions options);
  // What a scan over [begin, end) has looked at, by FoundationDB's rules.
  static StoreKeyRange consumed_range(const StoreKey& begin, const StoreKey& end,
                                      const RangeResult& result, bool reverse);
  void add_read_conflict(const StoreKey& begin, const StoreKey& end, const WriteSet* own,
                         ReadMode mode);

  bool is_too_large();
  CommitPackage* make_package();
  StoreResult<int64_t> submit_and_wait(const CommitFate& fate);
  StoreResult<int64_t> answer_landed(const CommitPackage& package, const CommitFate& fate);
  // Forgets what the transaction read and wrote, for another try.
  void start_over();

  SimulatedStore& store_;
  StoreCluster& cluster_;
  StorePacer& pacer_;

  State state_ = State::kActive;
  bool waits_for_commit_ = false;
  bool snapshot_sees_own_writes_ = true;
  uint64_t epoch_ = 0;  // grows with each reset: a call that waited across one fails
  int64_t deadline_us_ = kNoDeadline;
  int64_t backoff_us_ = kFirstBackoffUs;
  std::optional<int64_t> asked_from_;  // what the read version that is on its way must cover
  std::optional<int64_t> read_version_;
  StoreVersions::Stamp committed_{-1, 0};
  size_t size_bound_bytes_ = 0;  // at least the transaction's size
  WriteSet writes_;
  std::vector<StoreKeyRange> read_conflicts_;
  std::vector<StoreKeyRange> write_conflicts_;
};

}  // namespace squall::sim
