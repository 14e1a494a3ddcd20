#include "sim/oracle/tenant_reads.h"

#include <fmt/format.h>

#include <algorithm>

namespace squall::sim {
namespace {

std::string text(std::string_view bytes) { return std::string(bytes); }

// Little-endian, as wide as the operand.
std::string sum_of(std::string number, const std::string& operand) {
  number.resize(operand.size());
  int carry = 0;
  for (size_t i = 0; i < operand.size(); ++i) {
    carry += static_cast<unsigned char>(number[i]) + static_cast<unsigned char>(operand[i]);
    number[i] = static_cast<char>(carry);
    carry >>= 8;
  }
  return number;
}

std::string describe(const TenantRows& rows) {
  std::string shown;
  for (const auto& [key, value] : rows) shown += fmt::format(" {}={}", key, value);
  return shown.empty() ? " nothing" : shown;
}

std::string describe(const TenantRead& read) {
  return fmt::format("{} of at most {} rows in [{}, {})", read.reverse ? "reverse scan" : "scan",
                     read.limit, read.begin, read.end);
}

}  // namespace

TenantRows TenantReads::rows_of(Data data, std::span<const TenantWrite> writes,
                                const TenantRead& read) {
  for (const TenantWrite& write : writes) {
    const auto known = data.find(write.key);
    if (write.kind == TenantWrite::Kind::kClearRange) {
      data.erase(data.lower_bound(write.key), data.lower_bound(write.operand));
    } else if (write.kind == TenantWrite::Kind::kAdd && known != data.end()) {
      known->second = sum_of(known->second, write.operand);
    } else {
      data[write.key] = write.operand;
    }
  }
  TenantRows rows(data.lower_bound(read.begin), data.lower_bound(read.end));
  if (read.reverse) std::reverse(rows.begin(), rows.end());
  if (rows.size() > read.limit) rows.resize(read.limit);
  return rows;
}

const TenantReads::Data& TenantReads::as_of(int64_t version) const {
  const auto after =
      std::upper_bound(history_.begin(), history_.end(), version,
                       [](int64_t wanted, const auto& entry) { return wanted < entry.first; });
  return std::prev(after)->second;
}

void TenantReads::check_read(const TenantTransaction& transaction, const TenantRead& read,
                             const TenantRows& rows) {
  if (oracle_.violated()) return;
  oracle_.evaluated(Invariant::kStoreValuesVerbatim);
  const TenantRows expected = rows_of(as_of(transaction.read_version), transaction.writes, read);
  if (rows == expected) return;
  oracle_.report(Invariant::kStoreValuesVerbatim, "tenant-read",
                 fmt::format("a {} at version {}, over {} writes of its own, gave{}; it holds{}",
                             describe(read), transaction.read_version, transaction.writes.size(),
                             describe(rows), describe(expected)));
}

void TenantReads::expect_commit(const std::string& mark_key, const std::string& mark,
                                TenantTransaction transaction) {
  expected_[{mark_key, mark}] = std::move(transaction);
}

void TenantReads::on_applied(const AppliedCommit& commit) {
  if (commit.rows.empty() || !commit.rows.front().key.view().starts_with(kTenantPrefix)) return;
  if (oracle_.violated()) return;
  Data data = history_.back().second;
  for (const StoreRow& row : commit.rows) {
    const std::string key = text(row.key.view());
    if (!row.after) {
      data.erase(key);
      continue;
    }
    data[key] = text(row.after->view());
    const auto known = expected_.find({key, data[key]});
    if (known == expected_.end()) continue;
    check_landing(known->second, commit.version);
    expected_.erase(known);
  }
  if (history_.back().first == commit.version) {
    history_.back().second = std::move(data);
  } else {
    history_.emplace_back(commit.version, std::move(data));
  }
}

void TenantReads::check_landing(const TenantTransaction& transaction, int64_t version) {
  oracle_.evaluated(Invariant::kStoreSerializable);
  for (const TenantTransaction::Look& look : transaction.looks) {
    const std::span<const TenantWrite> writes(transaction.writes.data(), look.writes_before);
    const TenantRows now = rows_of(history_.back().second, writes, look.read);
    if (now == look.rows) continue;
    return oracle_.report(
        Invariant::kStoreSerializable, "tenant-landing",
        fmt::format("commit {} landed although its {} at version {} gave{} and would now give{}",
                    version, describe(look.read), transaction.read_version, describe(look.rows),
                    describe(now)));
  }
}

}  // namespace squall::sim
