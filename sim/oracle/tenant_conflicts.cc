#include "sim/oracle/tenant_conflicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/store/row_checker.h"

namespace squall::sim {
namespace {

using Look = TenantTransaction::Look;

struct Consumed {
  std::string begin;
  std::string end;
};

// Of a key before the tenant's own all that is known is that it lies there.
Consumed consumed_by_selector(const Look& look) {
  const std::string found = look.rows.empty() ? std::string() : look.rows.front().first;
  const std::string boundary = look.read.or_equal ? look.read.begin + '\0' : look.read.begin;
  if (*look.read.offset <= 0) return {found, boundary};
  return {boundary, found == "\xff" ? found : found + '\0'};
}

// A scan that its limit cut has seen nothing beyond its last row.
Consumed consumed_by(const Look& look) {
  if (look.read.offset) return consumed_by_selector(look);
  if (look.rows.size() < look.read.limit) return {look.read.begin, look.read.end};
  const std::string& last = look.rows.back().first;
  if (look.read.reverse) return {last, look.read.end};
  return {look.read.begin, last + '\0'};
}

bool decided_itself(std::span<const TenantWrite> writes, std::string_view key) {
  return std::any_of(writes.begin(), writes.end(), [&](const TenantWrite& write) {
    if (write.kind == TenantWrite::Kind::kAtomic) return false;
    if (write.kind == TenantWrite::Kind::kSet) return write.key == key;
    return write.key <= key && key < write.operand;
  });
}

// Both sides are unions of half-open ranges and single keys, so that they agree everywhere if they
// agree wherever one of these begins or ends.
class Comparison {
 public:
  Comparison(const TenantTransaction& transaction, std::span<const StoreKeyRange> taken)
      : transaction_(transaction) {
    for (const Look& look : transaction.looks) {
      looked_at_.push_back(consumed_by(look));
      add_ends(looked_at_.back());
    }
    for (const StoreKeyRange& range : taken) {
      taken_.push_back({std::string(range.begin.view()), std::string(range.end_key().view())});
      add_ends(taken_.back());
    }
    for (const auto& [begin, end] : transaction.read_ranges) add_ends({begin, end});
    for (const TenantWrite& write : transaction.writes) {
      places_.push_back(write.key);
      places_.push_back(write.kind == TenantWrite::Kind::kClearRange ? write.operand
                                                                     : write.key + '\0');
    }
    std::sort(places_.begin(), places_.end());
    places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
  }

  std::string find() const {
    for (const std::string& place : places_) {
      if (place < kTenantPrefix || place >= "\xff") continue;
      const bool due = is_due(place);
      const bool is_taken = std::any_of(taken_.begin(), taken_.end(), [&](const Consumed& range) {
        return range.begin <= place && place < range.end;
      });
      if (due == is_taken) continue;
      return fmt::format("its reads {} over {}, and it landed {} a read conflict there",
                         due ? "conflict" : "do not conflict", printable(place),
                         is_taken ? "with" : "without");
    }
    return "";
  }

 private:
  void add_ends(const Consumed& range) {
    places_.push_back(range.begin);
    places_.push_back(range.end);
  }

  bool is_due(std::string_view place) const {
    for (const auto& [begin, end] : transaction_.read_ranges) {
      if (begin <= place && place < end) return true;
    }
    for (size_t i = 0; i < looked_at_.size(); ++i) {
      if (place < looked_at_[i].begin || looked_at_[i].end <= place) continue;
      const std::span<const TenantWrite> before(transaction_.writes.data(),
                                                transaction_.looks[i].writes_before);
      if (!decided_itself(before, place)) return true;
    }
    return false;
  }

  const TenantTransaction& transaction_;
  std::vector<Consumed> looked_at_;  // by look
  std::vector<Consumed> taken_;
  std::vector<std::string> places_;
};

}  // namespace

std::string find_wrong_conflict(const TenantTransaction& transaction,
                                std::span<const StoreKeyRange> taken) {
  return Comparison(transaction, taken).find();
}

}  // namespace squall::sim
