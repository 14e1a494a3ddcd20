// What another tenant of the store must read: its few keys as of every commit, kept apart from the
// store, with each transaction's own writes on top, by the simplest means. The engine uses a part
// of the store; a tenant uses the rest.
//
//   store-values-verbatim  a read gives what its version holds, with the transaction's own writes
//                          on top
//   store-serializable     a transaction lands only if its serializable reads would give the same
//                          just before it
//
// Does not check: conflicts that the store reports where there is none, which is legal.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/oracle/oracle.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

inline constexpr std::string_view kTenantPrefix = "tenant/";

using TenantRows = std::vector<std::pair<std::string, std::string>>;

// Keys in [begin, end), the lowest or the highest of them.
struct TenantRead {
  std::string begin;
  std::string end;
  size_t limit = 0;
  bool reverse = false;
};

struct TenantWrite {
  enum class Kind : uint8_t { kSet, kClearRange, kAdd };
  Kind kind = Kind::kSet;
  std::string key;
  std::string operand;  // of a range clear: its end
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
};

class TenantReads final : public StoreObserver {
 public:
  // The oracle outlives it.
  explicit TenantReads(Oracle& oracle) : oracle_(oracle) {}

  // The transaction read, after all that is in its writes, and got these rows.
  void check_read(const TenantTransaction& transaction, const TenantRead& read,
                  const TenantRows& rows);
  // It is about to commit; the row of this key and value, which no other writes, is its mark.
  void expect_commit(const std::string& mark_key, const std::string& mark,
                     TenantTransaction transaction);

  void on_applied(const AppliedCommit& commit) override;

 private:
  using Data = std::map<std::string, std::string>;

  static TenantRows rows_of(Data data, std::span<const TenantWrite> writes, const TenantRead& read);
  const Data& as_of(int64_t version) const;
  void check_landing(const TenantTransaction& transaction, int64_t version);

  Oracle& oracle_;
  std::vector<std::pair<int64_t, Data>> history_{
      {0, Data()}};  // after each commit, by rising version
  std::map<std::pair<std::string, std::string>, TenantTransaction> expected_;
};

}  // namespace squall::sim
