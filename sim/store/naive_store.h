// The store as a model that is slow and obviously right: whole copies of the data for each version,
// a replay of all own writes for each read, conflicts by comparing every range with every range.
// For the contract's random tests; it shares no code with any implementation.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/store/naive_values.h"

namespace squall::naive {

struct Store {
  std::vector<Data> versions{Data()};           // after each commit
  std::vector<std::vector<Range>> written{{}};  // by each commit
  const Data& newest() const { return versions.back(); }
};

class Transaction {
 public:
  Transaction(Store& store, int64_t read_version)
      : store_(store), snapshot_(store.versions.size() - 1), read_version_(read_version) {}

  void write(Operation operation) {
    operation.min_version = read_version_;
    operations_.push_back(operation);
  }
  void hide_own_writes_from_snapshots() { snapshots_see_own_writes_ = false; }
  void add_read_conflict(const Range& range) { read_.push_back(range); }
  void add_write_conflict(const Range& range) { written_.push_back(range); }

  // Each read gives nothing where the store must answer 1036.
  struct Got {
    bool unreadable = false;
    Value value;
  };
  Got get(const std::string& key, ReadMode mode) {
    const bool own = sees_own(mode);
    if (own && is_unreadable(key)) return {true, {}};
    if (mode == ReadMode::kSerializable && !is_independent(key)) read_.push_back(of_key(key));
    const Data data = view(own);
    const auto it = data.find(key);
    return {false, it == data.end() ? std::nullopt : Value(it->second)};
  }

  struct Rows {
    bool unreadable = false;
    std::vector<std::pair<std::string, std::string>> rows;
    bool more = false;
  };
  Rows get_range(const Range& range, size_t limit, bool reverse, ReadMode mode) {
    Rows result;
    if (limit == 0 || range.end <= range.begin) return result;
    const bool own = sees_own(mode);
    const Data data = view(own);
    std::vector<std::pair<std::string, std::string>> all(data.lower_bound(range.begin),
                                                         data.lower_bound(range.end));
    if (reverse) std::reverse(all.begin(), all.end());
    for (const auto& row : all) {
      if (result.rows.size() == limit) break;
      // Anything unreadable between the range's near end and this row comes first.
      const Range passed =
          reverse ? Range{row.first, range.end} : Range{range.begin, after(row.first)};
      if (own && has_unreadable(passed)) return {true, {}, false};
      result.rows.push_back(row);
    }
    result.more = result.rows.size() == limit;
    if (!result.more && own && has_unreadable(range)) return {true, {}, false};
    Range consumed = range;
    if (result.more && reverse) consumed.begin = result.rows.back().first;
    if (result.more && !reverse) consumed.end = after(result.rows.back().first);
    if (mode == ReadMode::kSerializable) add_dependent(consumed);
    return result;
  }

  struct Key {
    bool unreadable = false;
    std::string key;
  };
  Key get_key(const std::string& anchor, bool or_equal, int offset, ReadMode mode) {
    const std::string boundary = or_equal ? after(anchor) : anchor;
    const Range range = offset > 0 ? Range{boundary, "\xff"} : Range{"", boundary};
    const size_t count = static_cast<size_t>(offset > 0 ? offset : 1 - offset);
    const Rows rows = get_range(range, count, offset <= 0, ReadMode::kSnapshot, sees_own(mode));
    if (rows.unreadable) return {true, ""};
    const bool found = rows.rows.size() == count;
    const std::string key = found ? rows.rows.back().first : offset > 0 ? "\xff" : "";
    if (mode == ReadMode::kSerializable) {
      const std::string end = key == "\xff" ? key : after(key);
      add_dependent(offset > 0 ? Range{boundary, end} : Range{key, boundary});
    }
    return {false, key};
  }

  // A read that fails after all takes back the conflicts that it has added.
  size_t read_conflicts() const { return read_.size(); }
  void keep_read_conflicts(size_t count) { read_.resize(count); }

  bool needs_store(const std::string& key, ReadMode mode) const {
    return !sees_own(mode) || !is_independent(key);
  }
  bool writes() const { return !operations_.empty() || !written_.empty(); }
  bool reads() const { return !read_.empty(); }
  bool conflicts() const {
    for (size_t version = snapshot_ + 1; version < store_.versions.size(); ++version) {
      for (const Range& written : store_.written[version]) {
        for (const Range& read : read_) {
          if (read.meets(written)) return true;
        }
      }
    }
    return false;
  }
  void commit(const std::string& stamp) {
    std::vector<Range> written = written_;
    Data data = apply(store_.newest(), stamp, &written);
    store_.versions.push_back(std::move(data));
    store_.written.push_back(std::move(written));
  }

 private:
  using Kind = Operation::Kind;

  bool sees_own(ReadMode mode) const {
    return mode == ReadMode::kSerializable || snapshots_see_own_writes_;
  }
  Rows get_range(const Range& range, size_t limit, bool reverse, ReadMode mode, bool own) {
    const bool kept = std::exchange(snapshots_see_own_writes_, own);
    Rows rows = get_range(range, limit, reverse, mode);
    snapshots_see_own_writes_ = kept;
    return rows;
  }
  Data view(bool own) const {
    const Data& base = store_.versions[snapshot_];
    return own ? apply(base, "", nullptr) : base;
  }

  static bool is_key_stamp(const Operation& operation) {
    return operation.kind == Kind::kAtomic && operation.op == AtomicOp::kSetVersionstampedKey;
  }
  static bool is_value_stamp(const Operation& operation) {
    return operation.kind == Kind::kAtomic && operation.op == AtomicOp::kSetVersionstampedValue;
  }
  static bool is_stamp(const Operation& operation) {
    return is_key_stamp(operation) || is_value_stamp(operation);
  }
  static bool clears(const Operation& operation, const std::string& key) {
    if (operation.kind == Kind::kClear) return operation.key == key;
    return operation.kind == Kind::kClearRange &&
           Range{operation.key, operation.operand}.contains(key);
  }
  bool is_unreadable(const std::string& key) const {
    bool unreadable = false;
    for (const Operation& operation : operations_) {
      if (clears(operation, key)) unreadable = false;
      if (is_stamp(operation) && operation.key == key) unreadable = true;
      if (is_key_stamp(operation) && possible_keys(operation).contains(key)) unreadable = true;
    }
    return unreadable;
  }
  static Range possible_keys(const Operation& operation) {
    return {stamped(operation.key, stamp_of(operation.min_version, 0)),
            after(stamped(operation.key, std::string(10, '\xff')))};
  }
  bool is_independent(const std::string& key) const {
    bool independent = false;
    for (const Operation& operation : operations_) {
      if (clears(operation, key)) independent = true;
      const bool replaces = operation.kind == Kind::kSet || is_value_stamp(operation);
      if (operation.key == key && replaces) independent = true;
    }
    return independent;
  }

  // Between two neighbours of these bounds every key is alike.
  std::set<std::string> bounds(const Range& range) const {
    std::set<std::string> all{range.begin, range.end};
    const auto add = [&](const std::string& bound) {
      if (range.contains(bound)) all.insert(bound);
    };
    for (const Operation& operation : operations_) {
      add(operation.key);
      add(operation.kind == Kind::kClearRange ? operation.operand : after(operation.key));
      if (is_key_stamp(operation)) {
        add(possible_keys(operation).begin);
        add(possible_keys(operation).end);
      }
    }
    return all;
  }
  bool has_unreadable(const Range& range) const {
    for (const std::string& bound : bounds(range)) {
      if (bound != range.end && is_unreadable(bound)) return true;
    }
    return false;
  }
  void add_dependent(const Range& range) {
    if (range.end <= range.begin) return;
    const std::set<std::string> all = bounds(range);
    for (auto it = all.begin(); std::next(it) != all.end(); ++it) {
      if (!is_independent(*it)) read_.push_back({*it, *std::next(it)});
    }
  }

  // Clears first, then each key's operations, keys in order; a clear undoes what the same
  // transaction wrote there before. Without a stamp, keys that wait for theirs are left out.
  Data apply(Data data, const std::string& stamp, std::vector<Range>* written) const {
    std::map<std::string, std::vector<Operation>> left;
    std::vector<Range> cleared;
    for (const Operation& operation : operations_) {
      const bool range = operation.kind == Kind::kClearRange;
      if (!range && operation.kind != Kind::kClear) {
        left[operation.key].push_back(operation);
        continue;
      }
      cleared.push_back(range ? Range{operation.key, operation.operand} : of_key(operation.key));
      std::erase_if(left, [&](const auto& entry) { return cleared.back().contains(entry.first); });
    }
    for (const Range& range : cleared) {
      std::erase_if(data, [&](const auto& row) { return range.contains(row.first); });
    }
    if (written != nullptr) written->insert(written->end(), cleared.begin(), cleared.end());
    for (const auto& [key, operations] : left) {
      for (const Operation& operation : operations) {
        if (is_stamp(operation) && stamp.empty()) continue;
        const std::string target = is_key_stamp(operation) ? stamped(key, stamp) : key;
        if (written != nullptr) written->push_back(of_key(target));
        const auto it = data.find(target);
        const Value existing = it == data.end() ? std::nullopt : Value(it->second);
        Value value = operation.operand;
        if (operation.kind == Kind::kAtomic && !is_stamp(operation)) {
          value = atomic(operation.op, existing, operation.operand);
        } else if (is_value_stamp(operation)) {
          value = stamped(operation.operand, stamp);
        }
        data.erase(target);
        if (value) data[target] = *value;
      }
    }
    return data;
  }

  Store& store_;
  size_t snapshot_;
  int64_t read_version_;
  bool snapshots_see_own_writes_ = true;
  std::vector<Operation> operations_;
  std::vector<Range> read_;
  std::vector<Range> written_;
};

}  // namespace squall::naive
