// Watches a store from outside and holds that it is one: its history is serializable in
// commit-version order, and what it keeps is what its clients wrote. It shares no judgement with
// the store: own bookkeeping, own atomics.
//
// What it does NOT check: reads of transactions that committed nothing, and that a range clear left
// no key standing (it has no copy of the data).
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "sim/store/store_observer.h"

namespace squall::sim {

class HistoryChecker final : public StoreObserver {
 public:
  // No key that a commit read was written between its read version and itself; versions rise.
  static constexpr const char* kSerializable = "store-serializable";
  // A plain set keeps the client's bytes; atomics and stamps give what an independent evaluation
  // gives.
  static constexpr const char* kVerbatim = "store-verbatim";

  using Report = std::function<void(std::string invariant, std::string message)>;
  explicit HistoryChecker(Report report) : report_(std::move(report)) {}

  void on_applied(const AppliedCommit& commit) override;

  uint64_t read_ranges_checked() const { return read_ranges_checked_; }
  uint64_t rows_checked() const { return rows_checked_; }

 private:
  struct WrittenKey {
    int64_t version;
    StoreKey key;
  };
  struct WrittenRange {
    int64_t version;
    StoreKey begin;
    StoreKey end;
  };

  void check_order(const AppliedCommit& commit);
  void check_read_range(const AppliedCommit& commit, const StoreKeyRange& range);
  void remember_writes(const AppliedCommit& commit);
  void forget_before(int64_t oldest);
  void report_conflict(const AppliedCommit& commit, const StoreKey& key, int64_t written_at);
  void check_rows(const AppliedCommit& commit);

  Report report_;
  int64_t newest_version_ = 0;
  int newest_batch_index_ = -1;

  // Everything written in the last 5 s, oldest first; and when each key's hash was last written,
  // which tells nearly every key that was not.
  std::deque<WrittenKey> keys_;
  std::deque<WrittenRange> ranges_;
  absl::flat_hash_map<uint64_t, int64_t> last_write_by_hash_;
  size_t hashes_to_purge_ = 1024;

  uint64_t read_ranges_checked_ = 0;
  uint64_t rows_checked_ = 0;
};

}  // namespace squall::sim
