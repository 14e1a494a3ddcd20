#include "sim/store/row_checker.h"

#include <absl/container/inlined_vector.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace squall::sim {
namespace {

using Kind = StoreMutation::Kind;
bool same(const StoreValue& a, const StoreValue& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->same_memory(*b) || *a == *b;
}

std::string with_stamp(std::string bytes, const AppliedCommit& commit) {
  uint32_t position = 0;
  std::memcpy(&position, bytes.data() + bytes.size() - 4, 4);
  bytes.resize(bytes.size() - 4);
  for (int i = 0; i < 8; ++i) {
    bytes[position + 7 - i] = static_cast<char>(commit.version >> 8 * i);
  }
  bytes[position + 8] = static_cast<char>(commit.batch_index >> 8);
  bytes[position + 9] = static_cast<char>(commit.batch_index);
  return bytes;
}

// Little-endian numbers turned round compare as strings of one length do.
bool number_less(const std::string& a, const std::string& b) {
  return std::string(a.rbegin(), a.rend()) < std::string(b.rbegin(), b.rend());
}

std::string bytewise(AtomicOp op, std::string old, const std::string& operand) {
  int sum = 0;
  for (size_t i = 0; i < operand.size(); ++i) {
    const int a = static_cast<unsigned char>(old[i]), b = static_cast<unsigned char>(operand[i]);
    sum = sum / 256 + a + b;
    const int result = op == AtomicOp::kAdd   ? sum % 256
                       : op == AtomicOp::kAnd ? (a & b)
                       : op == AtomicOp::kOr  ? (a | b)
                                              : (a ^ b);
    old[i] = static_cast<char>(result);
  }
  return old;
}

std::string combined(AtomicOp op, const std::string& before, const std::string& operand) {
  std::string number = before;
  number.resize(operand.size(), '\0');
  switch (op) {
    case AtomicOp::kAdd:
    case AtomicOp::kAnd:
    case AtomicOp::kOr:
    case AtomicOp::kXor: return bytewise(op, number, operand);
    case AtomicOp::kMax: return number_less(number, operand) ? operand : number;
    case AtomicOp::kMin: return number_less(number, operand) ? number : operand;
    case AtomicOp::kByteMin: return std::min(before, operand);
    case AtomicOp::kByteMax: return std::max(before, operand);
    case AtomicOp::kAppendIfFits:
      return before.size() + operand.size() > 100'000 ? before : before + operand;
    default: return before;
  }
}

}  // namespace

StoreValue after_atomic(AtomicOp op, const StoreValue& before, const SharedBytes& operand) {
  if (op == AtomicOp::kCompareAndClear) {
    return same(before, operand) ? std::nullopt : before;
  }
  if (!before) return operand;
  return SharedBytes(combined(op, std::string(before->view()), std::string(operand.view())));
}

namespace {

// What a commit should leave, key by key.
class Expectation {
 public:
  explicit Expectation(const AppliedCommit& commit) : commit_(commit) {
    for (const StoreRow& row : commit.rows) before_.try_emplace(row.key, &row.before);
    for (const StoreMutation& mutation : commit.mutations) collect(mutation);
    for (const StoreRow& row : commit.rows) {
      if (is_cleared(row.key)) expected_[row.key] = std::nullopt;
    }
    for (const auto& [key, operations] : operations_) {
      if (operations.size() == 1 && operations[0]->kind == Kind::kClear) expected_[key].reset();
    }
    for (const auto& [key, operations] : operations_) {
      if (operations.size() > 1 || operations[0]->kind != Kind::kClear) evaluate(key, operations);
    }
  }

  const std::map<StoreKey, StoreValue>& values() const { return expected_; }

 private:
  using Operations = std::vector<const StoreMutation*>;

  void collect(const StoreMutation& mutation) {
    if (mutation.kind == Kind::kClearRange) {
      const StoreKey end(mutation.operand.view());
      operations_.erase(operations_.lower_bound(mutation.key), operations_.lower_bound(end));
      cleared_.emplace_back(mutation.key, end);
      return;
    }
    Operations& operations = operations_[mutation.key];
    if (mutation.kind == Kind::kClear) operations.clear();
    operations.push_back(&mutation);
  }

  bool is_cleared(const StoreKey& key) const {
    for (const auto& [begin, end] : cleared_) {
      if (begin <= key && key < end) return true;
    }
    return false;
  }

  void evaluate(const StoreKey& key, const Operations& operations) {
    const auto known = before_.find(key);
    StoreValue value;
    if (known != before_.end() && !is_cleared(key)) value = *known->second;
    bool touched = false;
    for (const StoreMutation* mutation : operations) {
      const SharedBytes& operand = mutation->operand;
      if (mutation->is_atomic(AtomicOp::kSetVersionstampedKey)) {
        expected_[StoreKey(with_stamp(std::string(key.view()), commit_))] = operand;
        continue;
      }
      touched = true;
      if (mutation->kind == Kind::kSet) {
        value = operand;
      } else if (mutation->kind == Kind::kClear) {
        value.reset();
      } else if (mutation->op == AtomicOp::kSetVersionstampedValue) {
        value = SharedBytes(with_stamp(std::string(operand.view()), commit_));
      } else {
        value = after_atomic(mutation->op, value, operand);
      }
    }
    if (touched) expected_[key] = value;
  }

  const AppliedCommit& commit_;
  std::map<StoreKey, const StoreValue*> before_;
  std::map<StoreKey, Operations> operations_;
  std::vector<std::pair<StoreKey, StoreKey>> cleared_;
  std::map<StoreKey, StoreValue> expected_;
};

// The same of a commit without atomics, where the last write of a key decides.
class PlainWrites {
 public:
  // In the client's order; each outlives this.
  void add(const StoreMutation& mutation) {
    if (mutation.kind == Kind::kClearRange) {
      ranges_.push_back(&mutation);
    } else {
      points_.push_back(&mutation);
    }
  }

  // Whether they leave just these rows. Called once.
  bool give(std::span<const StoreRow> rows) {
    sort_points();
    Rows by_key;
    for (const StoreRow& row : rows) by_key.push_back(&row);
    std::sort(by_key.begin(), by_key.end(),
              [](const StoreRow* a, const StoreRow* b) { return a->key < b->key; });
    auto row = by_key.begin();
    for (const StoreMutation* point : points_) {
      for (; row != by_key.end() && (*row)->key < point->key; ++row) {
        if (!is_gone(**row)) return false;
      }
      const bool has_row = row != by_key.end() && (*row)->key == point->key;
      if (!has_row && sets(*point)) return false;
      if (!has_row) continue;
      if (!same((*row)->after, sets(*point) ? StoreValue(point->operand) : std::nullopt))
        return false;
      ++row;
    }
    return std::all_of(row, by_key.end(), [&](const StoreRow* rest) { return is_gone(*rest); });
  }

 private:
  using Rows = absl::InlinedVector<const StoreRow*, 16>;
  using Mutations = absl::InlinedVector<const StoreMutation*, 16>;

  // By key; of each key the last one.
  void sort_points() {
    const auto newest_first = [](const StoreMutation* a, const StoreMutation* b) {
      return a->key < b->key || (a->key == b->key && a > b);
    };
    std::sort(points_.begin(), points_.end(), newest_first);
    const auto same_key = [](const StoreMutation* a, const StoreMutation* b) {
      return a->key == b->key;
    };
    points_.erase(std::unique(points_.begin(), points_.end(), same_key), points_.end());
  }

  // since: null for a range clear at any time.
  bool is_cleared(const StoreKey& key, const StoreMutation* since) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [&](const StoreMutation* range) {
      return (since == nullptr || range > since) && range->key <= key &&
             key.view() < range->operand.view();
    });
  }
  bool sets(const StoreMutation& point) const {
    return point.kind == Kind::kSet && !is_cleared(point.key, &point);
  }
  // A row of a key that only range clears can have touched.
  bool is_gone(const StoreRow& row) const { return !row.after && is_cleared(row.key, nullptr); }

  Mutations points_;
  Mutations ranges_;
};

std::string describe(const StoreValue& value) {
  if (!value) return "nothing";
  return fmt::format("{} bytes \"{}\"{}", value->size(), printable(value->view().substr(0, 32)),
                     value->size() > 32 ? "…" : "");
}

}  // namespace

bool rows_are_plain_writes(const AppliedCommit& commit) {
  PlainWrites writes;
  for (const StoreMutation& mutation : commit.mutations) {
    if (mutation.kind == Kind::kAtomic) return false;
    writes.add(mutation);
  }
  return writes.give(commit.rows);
}

std::string find_wrong_row(const AppliedCommit& commit) {
  const Expectation expectation(commit);
  std::map<StoreKey, const StoreValue*> after;
  for (const StoreRow& row : commit.rows) after[row.key] = &row.after;
  for (const auto& [key, value] : expectation.values()) {
    const auto found = after.find(key);
    const StoreValue stored = found == after.end() ? std::nullopt : *found->second;
    if (!same(stored, value)) {
      return fmt::format("{} holds {} where its mutations give {}", printable(key.view()),
                         describe(stored), describe(value));
    }
  }
  for (const auto& [key, value] : after) {
    if (expectation.values().count(key) == 0) {
      return fmt::format("{} changed without a mutation", printable(key.view()));
    }
  }
  return "";
}

std::string printable(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      text.push_back(c);
    } else {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

}  // namespace squall::sim
