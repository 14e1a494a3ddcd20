// What another tenant of the store must read: its few keys as of every commit, kept apart from the
// store, with each transaction's own writes on top, by the simplest means. The engine uses a part
// of the store; a tenant uses the rest.
//
//   store-values-verbatim  a read gives what its version holds, with the transaction's own writes
//                          on top
//   store-serializable     a transaction lands only if its serializable reads would give the same
//                          just before it; it reads at a version that covers all that anyone had
//                          been told before it began; its stamp is that of its landing; it lands
//                          with the read conflicts that its reads took by FoundationDB's rules and
//                          those that it asked for, no more and no less; nothing lands at a version
//                          that was read before
//   transaction-limits     what is too large is refused as that, and nothing else is
//
// Does not check: conflicts that the store reports where there is none, which is legal.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/oracle/oracle.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

inline constexpr std::string_view kTenantPrefix = "tenant/";

using TenantRows = std::vector<std::pair<std::string, std::string>>;

// Keys in [begin, end), the lowest or the highest of them; or, with an offset, the one key that the
// selector of `begin` gives: a row without a value, none where it lies before the tenant's keys.
struct TenantRead {
  std::string begin;
  std::string end;
  size_t limit = 0;
  bool reverse = false;
  std::optional<int32_t> offset = std::nullopt;
  bool or_equal = false;
};

struct TenantWrite {
  enum class Kind : uint8_t { kSet, kClearRange, kAtomic };
  Kind kind = Kind::kSet;
  std::string key;
  std::string operand;  // of a range clear: its end
  AtomicOp op = AtomicOp::kAdd;
};

// One attempt at a transaction, as its client knows it.
struct TenantTransaction {
  struct Look {
    TenantRead read;
    size_t writes_before;
    TenantRows rows;
  };
  int64_t read_version = 0;
  std::vector<TenantWrite> writes;
  std::vector<Look> looks;  // serializable ones
  // Conflicts that it asked for by hand, each from the first key to before the second.
  std::vector<std::pair<std::string, std::string>> read_ranges;
  std::vector<std::pair<std::string, std::string>> write_ranges;
};

class TenantReads final : public StoreObserver {
 public:
  // The oracle outlives it.
  explicit TenantReads(Oracle& oracle) : oracle_(oracle) {}

  // The transaction read, after all that is in its writes, and got these rows; more: whether a scan
  // was said to have been cut by its limit.
  void check_read(const TenantTransaction& transaction, const TenantRead& read,
                  const TenantRows& rows, std::optional<bool> more = std::nullopt);
  // It read what its own stamp will decide, or would have had it not been cleared since, and got
  // this error, or a value.
  void check_unreadable(bool unreadable, std::optional<StoreCode> code);
  // The newest version that anyone has been told of: what a transaction that begins now must cover.
  int64_t told() const { return told_; }
  // The transaction, which began when `told` was told, reads at this version.
  void check_version(int64_t told, int64_t read_version);
  // It did something that went to the store; aged: its read version was 10 s old.
  void check_age(bool aged, std::string_view what);
  // Its client heard that the transaction of this mark has committed, and what its stamp is.
  void check_committed(const std::string& mark, int64_t version, const Versionstamp& stamp);
  // From now on the store's refusals for size are asked for, or no more.
  void expect_over_limit(bool asked) { oracle_.expect_over_limit(asked); }
  // It asked for what must be refused with this error, or taken; and that is what came.
  void check_over_limit(std::optional<StoreCode> wanted, std::optional<StoreCode> got);
  // It is about to commit; the row of this key and value, which no other writes, is its mark.
  void expect_commit(const std::string& mark_key, const std::string& mark,
                     TenantTransaction transaction);

  void on_applied(const AppliedCommit& commit) override;

 private:
  using Data = std::map<std::string, SharedBytes>;

  static TenantRows rows_of(Data data, std::span<const TenantWrite> writes, const TenantRead& read);
  static TenantRows selected(const Data& data, const TenantRead& read);
  const Data& as_of(int64_t version) const;
  void check_more(const TenantTransaction& transaction, TenantRead read, bool more);
  void check_landing(const TenantTransaction& transaction, const AppliedCommit& commit);
  void check_conflicts(const TenantTransaction& transaction, const AppliedCommit& commit);

  Oracle& oracle_;
  std::vector<std::pair<int64_t, Data>> history_{
      {0, Data()}};  // after each commit, by rising version
  std::map<std::pair<std::string, std::string>, TenantTransaction> expected_;
  std::map<std::string, Versionstamp> stamps_;  // by mark
  int64_t told_ = 0;
  int64_t newest_read_ = 0;
};

}  // namespace squall::sim
