#include "engine/planted.h"
#include "sim/store/simulated_transaction.h"

namespace squall::sim {
namespace {

// Where the keys that a selector counts from begin (offset > 0) or end (offset <= 0).
StoreKey boundary_of(const KeySelector& selector) {
  return std::min(selector.or_equal ? StoreKey::after(selector.key) : StoreKey(selector.key),
                  keyspace_end());
}

}  // namespace

StoreResult<void> SimulatedTransaction::round_trip() {
  const ReadFate fate = pacer_.plan_read();
  const int64_t floor = cluster_.versions().told();
  if (!asked_from_) asked_from_ = floor;
  if (auto waited = wait(fate.wait_us); !waited) return waited;
  if (fate.error) return StoreFailure({*fate.error});
  if (!read_version_) {
    if (store_.in_flight_ > 0) pacer_.at_probe(WorldProbe::kStoreReadsDuringCommit);
    read_version_ =
        cluster_.versions().read_version(pacer_.now_us(), fate.read_version_lag_us, floor);
  }
  if (*read_version_ < cluster_.oldest_version()) {
    return StoreFailure({StoreCode::kTransactionTooOld});
  }
  return {};
}

int64_t SimulatedTransaction::visible_version() const {
  const bool is_torn =
      cluster_.profile() == StoreProfile::kOriginal || planted(Defect::kNoSnapshotPerTransaction);
  if (is_torn) return cluster_.versions().latest(pacer_.now_us());
  if (planted(Defect::kVersionBeforeVisibility)) return cluster_.before_hidden(*read_version_);
  return *read_version_;
}

const WriteSet* SimulatedTransaction::own_writes(ReadMode mode) {
  if (writes_.empty()) return nullptr;
  if (mode == ReadMode::kSnapshot && !snapshot_sees_own_writes_) return nullptr;
  writes_.index();
  return &writes_;
}

StoreResult<int64_t> SimulatedTransaction::get_read_version() {
  if (auto usable = check_usable(); !usable) return tl::unexpected(usable.error());
  if (!read_version_) {
    if (auto trip = round_trip(); !trip) return tl::unexpected(trip.error());
  }
  return *read_version_;
}

bool SimulatedTransaction::needs_store(const WriteSet* own, const StoreKey& key) const {
  if (key.size() > kMaxKeyBytes) return false;  // never present
  return own == nullptr || !own->is_independent(key);
}

std::optional<SharedBytes> SimulatedTransaction::answer_get(const WriteSet* own,
                                                            const StoreKey& key, ReadMode mode) {
  StoreValue base;
  if (needs_store(own, key)) {
    const SharedBytes* stored = cluster_.data().read(key, visible_version());
    if (stored != nullptr && !cluster_.is_lost(key)) base = *stored;
    if (mode == ReadMode::kSerializable) read_conflicts_.push_back(StoreKeyRange::of_key(key));
  }
  const WriteSet::Chain* chain = own != nullptr ? own->find(key) : nullptr;
  return chain != nullptr ? own->fold(*chain, base) : base;
}

StoreResult<std::optional<SharedBytes>> SimulatedTransaction::get(std::string_view key,
                                                                  ReadMode mode) {
  if (auto usable = check_usable(); !usable) return tl::unexpected(usable.error());
  if (is_past_keyspace(key)) return StoreFailure({StoreCode::kClientInvalidOperation});
  const StoreKey store_key(key);
  const WriteSet* own = own_writes(mode);
  if (own != nullptr && own->is_unreadable(store_key)) {
    return StoreFailure({StoreCode::kAccessedUnreadable});
  }
  if (needs_store(own, store_key)) {
    if (auto trip = round_trip(); !trip) return tl::unexpected(trip.error());
    own = own_writes(mode);
    if (own != nullptr && own->is_unreadable(store_key)) {
      return StoreFailure({StoreCode::kAccessedUnreadable});
    }
  }
  std::optional<SharedBytes> value = answer_get(own, store_key, mode);
  if (pacer_.watches_values()) pacer_.see_values({&key, 1}, {&value, 1});
  return value;
}

StoreResult<void> SimulatedTransaction::get_many(std::span<const std::string_view> keys,
                                                 ReadMode mode,
                                                 std::vector<std::optional<SharedBytes>>* out) {
  if (auto usable = check_usable(); !usable) return usable;
  const WriteSet* own = own_writes(mode);
  bool any_from_store = false;
  for (const std::string_view key : keys) {
    if (is_past_keyspace(key)) return StoreFailure({StoreCode::kClientInvalidOperation});
    any_from_store |= needs_store(own, StoreKey(key));
  }
  if (any_from_store) {
    if (auto trip = round_trip(); !trip) return trip;
    own = own_writes(mode);
  }
  if (own != nullptr) {
    for (const std::string_view key : keys) {
      if (own->is_unreadable(StoreKey(key))) return StoreFailure({StoreCode::kAccessedUnreadable});
    }
  }
  out->clear();
  out->reserve(keys.size());
  for (const std::string_view key : keys) out->push_back(answer_get(own, StoreKey(key), mode));
  if (pacer_.watches_values()) pacer_.see_values(keys, *out);
  return {};
}

StoreResult<StoreKey> SimulatedTransaction::resolve(KeySelector selector, const WriteSet* own,
                                                    ReadMode mode) {
  const StoreKey boundary = boundary_of(selector);
  const StoreKey begin;
  const StoreKey end = keyspace_end();
  const bool forward = selector.offset > 0;
  MergedScan scan(cluster_.data(), visible_version(), own, forward ? boundary : begin,
                  forward ? end : boundary, !forward);
  StoreKey found = forward ? end : begin;
  int64_t steps = forward ? selector.offset : 1 - int64_t{selector.offset};
  for (; steps > 0; --steps) {
    const MergedScan::Step step = scan.next();
    if (step == MergedScan::Step::kUnreadable) {
      return StoreFailure({StoreCode::kAccessedUnreadable});
    }
    if (step == MergedScan::Step::kEnd) break;
    if (steps == 1) found = scan.key();
  }
  if (forward) {
    const bool past_the_last = found == end;
    add_read_conflict(boundary, past_the_last ? found : StoreKey::after(found.view()), own, mode);
  } else {
    add_read_conflict(found, boundary, own, mode);
  }
  return found;
}

StoreResult<SharedBytes> SimulatedTransaction::get_key(KeySelector selector, ReadMode mode) {
  if (auto usable = check_usable(); !usable) return tl::unexpected(usable.error());
  if (auto trip = round_trip(); !trip) return tl::unexpected(trip.error());
  const StoreResult<StoreKey> found = resolve(selector, own_writes(mode), mode);
  if (!found) return tl::unexpected(found.error());
  return SharedBytes(found->view());
}

StoreResult<RangeResult> SimulatedTransaction::get_range(KeySelector begin, KeySelector end,
                                                         RangeOptions options) {
  if (auto usable = check_usable(); !usable) return tl::unexpected(usable.error());
  if (options.limit == 0) return RangeResult{};
  // A selector of offset 1 is a boundary as it stands; any other depends on the keys around it.
  StoreKey from = boundary_of(begin);
  StoreKey to = boundary_of(end);
  if (begin.offset == 1 && end.offset == 1 && to <= from) return RangeResult{};
  if (auto trip = round_trip(); !trip) return tl::unexpected(trip.error());
  const WriteSet* own = own_writes(options.mode);
  const size_t conflicts_before = read_conflicts_.size();
  const auto resolve_end = [&](const KeySelector& selector, StoreKey& key) -> StoreResult<void> {
    if (selector.offset == 1) return {};
    StoreResult<StoreKey> found = resolve(selector, own, options.mode);
    if (!found) return tl::unexpected(found.error());
    key = std::move(*found);
    return {};
  };
  StoreResult<void> resolved = resolve_end(begin, from);
  if (resolved) resolved = resolve_end(end, to);
  if (resolved && to <= from) return RangeResult{};
  StoreResult<RangeResult> result;
  if (own != nullptr) pacer_.at_probe(WorldProbe::kStoreScansOwnWrites);
  if (resolved) result = scan(from, to, own, options);
  if (!resolved) result = tl::unexpected(resolved.error());
  if (!result) read_conflicts_.resize(conflicts_before);  // a failed read conflicts with nothing
  if (result && pacer_.watches_values()) show_rows(&result->rows);
  return result;
}

void SimulatedTransaction::show_rows(std::vector<KeyValue>* rows) {
  std::vector<std::string_view> keys;
  std::vector<std::optional<SharedBytes>> values;
  for (const KeyValue& row : *rows) {
    keys.push_back(row.key);
    values.emplace_back(row.value);
  }
  pacer_.see_values(keys, values);
  for (size_t i = 0; i < rows->size(); ++i) {
    SQUALL_ASSERT(values[i].has_value());
    (*rows)[i].value = *std::move(values[i]);
  }
}

StoreResult<RangeResult> SimulatedTransaction::scan(const StoreKey& begin, const StoreKey& end,
                                                    const WriteSet* own, RangeOptions options) {
  RangeResult result;
  const bool lowest = planted(Defect::kReverseScanReturnsLowest) && options.reverse;
  MergedScan scan(cluster_.data(), visible_version(), own, begin, end, options.reverse && !lowest);
  while (result.rows.size() < options.limit) {
    const MergedScan::Step step = scan.next();
    if (step == MergedScan::Step::kUnreadable) {
      return StoreFailure({StoreCode::kAccessedUnreadable});
    }
    if (step == MergedScan::Step::kEnd) break;
    if (cluster_.is_lost(scan.key()) && (own == nullptr || own->find(scan.key()) == nullptr))
      continue;
    result.rows.push_back({SharedBytes(scan.key().view()), scan.value()});
  }
  result.more = result.rows.size() == options.limit;
  if (lowest) std::reverse(result.rows.begin(), result.rows.end());
  const StoreKeyRange consumed = consumed_range(begin, end, result, options.reverse);
  add_read_conflict(consumed.begin, consumed.end, own, options.mode);
  return result;
}

StoreKeyRange SimulatedTransaction::consumed_range(const StoreKey& begin, const StoreKey& end,
                                                   const RangeResult& result, bool reverse) {
  if (!result.more && !planted(Defect::kExhaustedScanMissesPhantoms)) return {begin, end};
  if (result.rows.empty()) return {begin, begin};
  const std::string_view last = result.rows.back().key;
  const bool too_little = planted(Defect::kLimitedScanConflictsTooLittle);
  if (reverse) return {too_little ? StoreKey::after(last) : StoreKey(last), end};
  return {begin, too_little ? StoreKey(last) : StoreKey::after(last)};
}

// Leaves out what the transaction itself has decided: cleared ranges and independently written
// keys.
void SimulatedTransaction::add_read_conflict(const StoreKey& begin, const StoreKey& end,
                                             const WriteSet* own, ReadMode mode) {
  if (mode == ReadMode::kSnapshot || end <= begin) return;
  if (own == nullptr) {
    read_conflicts_.push_back({begin, end});
    return;
  }
  RangeSet left;
  left.add(begin, end);
  for (const RangeSet::Range& cleared : own->cleared().ranges()) {
    left.subtract(cleared.begin, cleared.end);
  }
  for (size_t i = own->first_chain_at(begin); i < own->chains().size(); ++i) {
    const StoreKey& key = own->key_of(own->chains()[i]);
    if (end <= key) break;
    if (own->is_independent(own->chains()[i])) left.subtract(key, StoreKey::after(key.view()));
  }
  for (const RangeSet::Range& range : left.ranges()) {
    read_conflicts_.push_back({range.begin, range.end});
  }
}

}  // namespace squall::sim
