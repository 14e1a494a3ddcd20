#include "sim/oracle/tenant_reads.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/oracle/tenant_conflicts.h"
#include "sim/store/row_checker.h"

namespace squall::sim {
namespace {

constexpr size_t kMostMarkBytes = 64;

std::string text(std::string_view bytes) { return std::string(bytes); }

Versionstamp stamp_of(const AppliedCommit& commit) {
  Versionstamp stamp;
  for (size_t i = 0; i < 8; ++i) stamp[i] = static_cast<char>(commit.version >> (56 - 8 * i));
  stamp[8] = static_cast<char>(commit.batch_index >> 8);
  stamp[9] = static_cast<char>(commit.batch_index);
  return stamp;
}

std::string describe(const TenantRows& rows) {
  std::string shown;
  for (const auto& [key, value] : rows)
    shown += fmt::format(" {}={}", printable(key), printable(value));
  return shown.empty() ? " nothing" : shown;
}

std::string describe(const TenantRead& read) {
  if (read.offset) {
    return fmt::format("selector of the key {} from the last one {} {}", *read.offset,
                       read.or_equal ? "up to" : "before", read.begin);
  }
  return fmt::format("{} of at most {} rows in [{}, {})", read.reverse ? "reverse scan" : "scan",
                     read.limit, read.begin, read.end);
}

}  // namespace

TenantRows TenantReads::selected(const Data& data, const TenantRead& read) {
  const auto first = read.or_equal ? data.upper_bound(read.begin) : data.lower_bound(read.begin);
  const auto place = std::distance(data.begin(), first) + *read.offset - 1;
  if (place < 0) return {};
  if (place >= static_cast<std::ptrdiff_t>(data.size())) return {{"\xff", ""}};
  return {{std::next(data.begin(), place)->first, ""}};
}

TenantRows TenantReads::rows_of(Data data, std::span<const TenantWrite> writes,
                                const TenantRead& read) {
  for (const TenantWrite& write : writes) {
    const auto known = data.find(write.key);
    if (write.kind == TenantWrite::Kind::kClearRange) {
      data.erase(data.lower_bound(write.key), data.lower_bound(write.operand));
    } else if (write.kind == TenantWrite::Kind::kAtomic) {
      const bool present = known != data.end();
      const StoreValue after = after_atomic(
          write.op, present ? StoreValue(known->second) : std::nullopt, SharedBytes(write.operand));
      if (after) data[write.key] = *after;
      if (!after) data.erase(write.key);
    } else {
      data[write.key] = SharedBytes(write.operand);
    }
  }
  if (read.offset) return selected(data, read);
  auto first = data.lower_bound(read.begin), end = data.lower_bound(read.end);
  TenantRows rows;
  while (rows.size() < read.limit && first != end) {
    const auto next = read.reverse ? --end : first++;
    rows.emplace_back(next->first, text(next->second.view()));
  }
  return rows;
}

const TenantReads::Data& TenantReads::as_of(int64_t version) const {
  const auto after =
      std::upper_bound(history_.begin(), history_.end(), version,
                       [](int64_t wanted, const auto& entry) { return wanted < entry.first; });
  return std::prev(after)->second;
}

void TenantReads::check_read(const TenantTransaction& transaction, const TenantRead& read,
                             const TenantRows& rows, std::optional<bool> more) {
  if (oracle_.violated()) return;
  oracle_.evaluated(Invariant::kStoreValuesVerbatim);
  const Data& data = as_of(transaction.read_version);
  const TenantRows expected = rows_of(data, transaction.writes, read);
  if (more) check_more(transaction, read, *more);
  if (rows == expected) return;
  oracle_.report(Invariant::kStoreValuesVerbatim, "tenant-read",
                 fmt::format("a {} at version {}, over {} writes of its own, gave{}; it holds{}",
                             describe(read), transaction.read_version, transaction.writes.size(),
                             describe(rows), describe(expected)));
}

// A scan that its limit cut says so; one that found fewer has seen all.
void TenantReads::check_more(const TenantTransaction& transaction, TenantRead read, bool more) {
  const size_t limit = read.limit;
  ++read.limit;
  const size_t there = rows_of(as_of(transaction.read_version), transaction.writes, read).size();
  if (there == limit || more == (there > limit)) return;
  oracle_.report(Invariant::kStoreValuesVerbatim, "tenant-more",
                 fmt::format("a {} says that there is {}; {} rows are there", describe(read),
                             more ? "more" : "no more", there));
}

void TenantReads::check_unreadable(bool unreadable, std::optional<StoreCode> code) {
  oracle_.evaluated(Invariant::kStoreValuesVerbatim);
  if (code.has_value() == unreadable) return;
  oracle_.report(Invariant::kStoreValuesVerbatim, "tenant-unreadable",
                 fmt::format("what its own stamp {} was read before the commit: {}",
                             unreadable ? "will decide" : "no longer decides",
                             code ? to_string(*code) : "a value"));
}

void TenantReads::check_version(int64_t told, int64_t read_version) {
  oracle_.evaluated(Invariant::kStoreSerializable);
  told_ = std::max(told_, read_version);
  newest_read_ = std::max(newest_read_, read_version);
  if (read_version >= told) return;
  oracle_.report(Invariant::kStoreSerializable, "tenant-version",
                 fmt::format("a transaction reads at version {}; before it began somebody was told "
                             "of version {}",
                             read_version, told));
}

void TenantReads::check_age(bool aged, std::string_view what) {
  oracle_.evaluated(Invariant::kStoreSerializable);
  if (!aged) return;
  oracle_.report(Invariant::kStoreSerializable, "tenant-age",
                 fmt::format("a transaction {} 10 s after its first read", what));
}

void TenantReads::check_committed(const std::string& mark, int64_t version,
                                  const Versionstamp& stamp) {
  if (oracle_.violated()) return;
  oracle_.evaluated(Invariant::kStoreSerializable);
  told_ = std::max(told_, version);
  const auto landed = stamps_.find(mark);
  if (landed != stamps_.end() && landed->second == stamp) return;
  oracle_.report(
      Invariant::kStoreSerializable, "tenant-stamp",
      fmt::format("transaction {} is said to have committed at version {}: it {}", mark, version,
                  landed == stamps_.end() ? "never landed" : "has another stamp"));
}

void TenantReads::check_over_limit(std::optional<StoreCode> wanted, std::optional<StoreCode> got) {
  oracle_.evaluated(Invariant::kTransactionLimits);
  if (got == wanted) return;
  const auto say = [](std::optional<StoreCode> code) {
    return code ? std::string(to_string(*code)) : "success";
  };
  oracle_.report(
      Invariant::kTransactionLimits, "tenant-limit",
      fmt::format("what must be answered with {} was answered with {}", say(wanted), say(got)));
}

void TenantReads::expect_commit(const std::string& mark_key, const std::string& mark,
                                TenantTransaction transaction) {
  expected_[{mark_key, mark}] = std::move(transaction);
}

void TenantReads::on_applied(const AppliedCommit& commit) {
  if (commit.version <= newest_read_ && !oracle_.violated()) {
    oracle_.report(Invariant::kStoreSerializable, "tenant-read-version",
                   fmt::format("commit {}.{} landed after somebody read at version {}",
                               commit.version, commit.batch_index, newest_read_));
  }
  if (commit.rows.empty() || !commit.rows.front().key.view().starts_with(kTenantPrefix)) return;
  if (oracle_.violated()) return;
  Data data = history_.back().second;
  for (const StoreRow& row : commit.rows) {
    const std::string key = text(row.key.view());
    if (!row.after) {
      data.erase(key);
      continue;
    }
    data[key] = *row.after;
    if (row.after->size() > kMostMarkBytes) continue;
    const auto known = expected_.find({key, text(row.after->view())});
    if (known == expected_.end()) continue;
    stamps_[known->first.second] = stamp_of(commit);
    check_conflicts(known->second, commit);
    check_landing(known->second, commit);
    expected_.erase(known);
  }
  if (history_.back().first == commit.version) {
    history_.back().second = std::move(data);
  } else {
    history_.emplace_back(commit.version, std::move(data));
  }
}

void TenantReads::check_conflicts(const TenantTransaction& transaction,
                                  const AppliedCommit& commit) {
  oracle_.evaluated(Invariant::kStoreSerializable);
  std::string wrong = find_wrong_conflict(transaction, commit.read_ranges);
  for (const auto& [begin, end] : transaction.write_ranges) {
    const bool taken = std::any_of(
        commit.write_ranges.begin(), commit.write_ranges.end(), [&](const StoreKeyRange& range) {
          return range.begin.view() == begin && range.end_key().view() == end;
        });
    if (!taken) wrong = fmt::format("it landed without its write conflict over {}", begin);
  }
  if (wrong.empty()) return;
  oracle_.report(Invariant::kStoreSerializable, "tenant-conflicts",
                 fmt::format("commit {}: {}", commit.version, wrong));
}

void TenantReads::check_landing(const TenantTransaction& transaction, const AppliedCommit& commit) {
  oracle_.evaluated(Invariant::kStoreSerializable);
  for (const TenantTransaction::Look& look : transaction.looks) {
    const std::span<const TenantWrite> writes(transaction.writes.data(), look.writes_before);
    const TenantRows now = rows_of(history_.back().second, writes, look.read);
    if (now == look.rows) continue;
    return oracle_.report(
        Invariant::kStoreSerializable, "tenant-landing",
        fmt::format("commit {} landed although its {} at version {} gave{} and would now give{}",
                    commit.version, describe(look.read), transaction.read_version,
                    describe(look.rows), describe(now)));
  }
}

}  // namespace squall::sim
