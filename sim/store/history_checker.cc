#include "sim/store/history_checker.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "sim/store/row_checker.h"

namespace squall::sim {
namespace {

uint64_t hash_of(const StoreKey& key) {
  const std::string_view bytes = key.view();
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace

void HistoryChecker::on_applied(const AppliedCommit& commit) {
  check_order(commit);
  for (const StoreKeyRange& range : commit.read_ranges) check_read_range(commit, range);
  check_rows(commit);
  forget_before(commit.version - kMaxTransactionAgeVersions);
  remember_writes(commit);
}

void HistoryChecker::check_order(const AppliedCommit& commit) {
  const bool rises = commit.version > newest_version_ || (commit.version == newest_version_ &&
                                                          commit.batch_index > newest_batch_index_);
  if (!rises || commit.read_version >= commit.version) {
    report_(kSerializable,
            fmt::format("commit {}.{} with read version {} was applied after commit {}.{}",
                        commit.version, commit.batch_index, commit.read_version, newest_version_,
                        newest_batch_index_));
  }
}

void HistoryChecker::check_read_range(const AppliedCommit& commit, const StoreKeyRange& range) {
  ++read_ranges_checked_;
  if (commit.read_version >= newest_version_) return;
  bool may_be_written = true;
  if (range.is_single_key()) {
    const auto known = last_write_by_hash_.find(hash_of(range.begin));
    may_be_written = known != last_write_by_hash_.end() && known->second > commit.read_version;
  }
  if (may_be_written) {
    for (auto it = keys_.rbegin(); it != keys_.rend() && it->version > commit.read_version; ++it) {
      if (range.contains(it->key)) return report_conflict(commit, it->key, it->version);
    }
  }
  const StoreKey end = range.end_key();
  for (auto it = ranges_.rbegin(); it != ranges_.rend() && it->version > commit.read_version;
       ++it) {
    if (it->begin < end && range.begin < it->end) {
      return report_conflict(commit, std::max(it->begin, range.begin), it->version);
    }
  }
}

void HistoryChecker::report_conflict(const AppliedCommit& commit, const StoreKey& key,
                                     int64_t written_at) {
  report_(kSerializable, fmt::format("commit {}.{} read {} at version {}, but it was written at {}",
                                     commit.version, commit.batch_index, printable(key.view()),
                                     commit.read_version, written_at));
}

void HistoryChecker::remember_writes(const AppliedCommit& commit) {
  newest_version_ = commit.version;
  newest_batch_index_ = commit.batch_index;
  // What the client cleared, whatever the store makes of it.
  for (const StoreMutation& mutation : commit.mutations) {
    if (mutation.kind != StoreMutation::Kind::kClearRange) continue;
    ranges_.push_back({commit.version, mutation.key, StoreKey(mutation.operand.view())});
  }
  for (const StoreKeyRange& range : commit.write_ranges) {
    if (range.is_single_key()) {
      keys_.push_back({commit.version, range.begin});
      last_write_by_hash_[hash_of(range.begin)] = commit.version;
    } else {
      ranges_.push_back({commit.version, range.begin, range.end});
    }
  }
}

void HistoryChecker::forget_before(int64_t oldest) {
  while (!keys_.empty() && keys_.front().version < oldest) keys_.pop_front();
  while (!ranges_.empty() && ranges_.front().version < oldest) ranges_.pop_front();
  if (last_write_by_hash_.size() < hashes_to_purge_) return;
  absl::erase_if(last_write_by_hash_, [&](const auto& entry) { return entry.second < oldest; });
  hashes_to_purge_ = std::max<size_t>(1024, 2 * last_write_by_hash_.size());
}

void HistoryChecker::check_rows(const AppliedCommit& commit) {
  rows_checked_ += commit.rows.size();
  if (rows_are_plain_writes(commit)) return;
  std::string wrong = find_wrong_row(commit);
  if (!wrong.empty()) {
    report_(kVerbatim, fmt::format("commit {}.{}: {}", commit.version, commit.batch_index, wrong));
  }
}

}  // namespace squall::sim
