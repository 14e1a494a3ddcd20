#include "sim/tenant_client.h"

#include <utility>

namespace squall::sim {

StoreResult<void> TenantClient::get(const std::string& key, ReadMode mode) {
  const auto value = store_.get(key, mode);
  if (!value) return tl::unexpected(value.error());
  TenantRows rows;
  if (*value) rows.emplace_back(key, std::string((*value)->view()));
  return note({key, key + '\0', 1, false}, mode, std::move(rows));
}

StoreResult<void> TenantClient::scan(const TenantRead& read, ReadMode mode) {
  const auto got = store_.get_range(read.begin, read.end, {read.limit, read.reverse, mode});
  if (!got) return tl::unexpected(got.error());
  TenantRows rows;
  for (const KeyValue& row : got->rows) rows.emplace_back(row.key.view(), row.value.view());
  return note(read, mode, std::move(rows), got->more);
}

StoreResult<void> TenantClient::find(const TenantRead& read, ReadMode mode) {
  const auto found = store_.get_key({read.begin, read.or_equal, *read.offset}, mode);
  if (!found) return tl::unexpected(found.error());
  TenantRows rows;
  if (found->view() >= kTenantPrefix) rows.emplace_back(found->view(), "");
  return note(read, mode, std::move(rows));
}

// The version is that of the first read that went to the store, this one at the latest.
StoreResult<void> TenantClient::note(const TenantRead& read, ReadMode mode, TenantRows rows,
                                     std::optional<bool> more) {
  const auto version = store_.get_read_version();
  if (!version) return tl::unexpected(version.error());
  record_.read_version = *version;
  truth_.check_version(told_, *version);
  TenantTransaction blind;
  blind.read_version = *version;
  const bool sees_own = mode == ReadMode::kSerializable || snapshots_see_own_writes_;
  truth_.check_read(sees_own ? record_ : blind, read, rows, more);
  if (mode == ReadMode::kSerializable) {
    record_.looks.push_back({read, record_.writes.size(), std::move(rows)});
  }
  return {};
}

StoreResult<void> TenantClient::set(const std::string& key, const std::string& value) {
  record_.writes.push_back({TenantWrite::Kind::kSet, key, value});
  return store_.set(key, SharedBytes(value));
}

StoreResult<void> TenantClient::clear(const std::string& key) {
  record_.writes.push_back({TenantWrite::Kind::kClearRange, key, key + '\0'});
  return store_.clear(key);
}

StoreResult<void> TenantClient::clear_range(const std::string& begin, const std::string& end) {
  record_.writes.push_back({TenantWrite::Kind::kClearRange, begin, end});
  return store_.clear_range(begin, end);
}

StoreResult<void> TenantClient::combine(AtomicOp op, const std::string& key,
                                        const std::string& operand) {
  record_.writes.push_back({TenantWrite::Kind::kAtomic, key, operand, op});
  return store_.atomic_op(op, key, operand);
}

StoreResult<void> TenantClient::conflict_as_reader(const std::string& begin,
                                                   const std::string& end) {
  record_.read_ranges.emplace_back(begin, end);
  return store_.add_read_conflict_range(begin, end);
}

StoreResult<void> TenantClient::conflict_as_writer(const std::string& begin,
                                                   const std::string& end) {
  record_.write_ranges.emplace_back(begin, end);
  return store_.add_write_conflict_range(begin, end);
}

StoreResult<void> TenantClient::look_past_own_writes() {
  snapshots_see_own_writes_ = false;
  return store_.disable_snapshot_read_your_writes();
}

StoreResult<void> TenantClient::commit(const std::string& mark_key, const std::string& mark,
                                       bool aged) {
  if (auto marked = store_.set(mark_key, SharedBytes(mark)); !marked) return marked;
  truth_.expect_commit(mark_key, mark, record_);
  const auto committed = store_.commit();
  if (!committed) return tl::unexpected(committed.error());
  truth_.check_age(aged, "committed what it read");
  if (const auto stamp = store_.get_versionstamp(); stamp)
    truth_.check_committed(mark, *committed, *stamp);
  return {};
}

}  // namespace squall::sim
