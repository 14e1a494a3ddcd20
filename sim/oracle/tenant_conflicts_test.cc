// The conflicts of a tenant's reads, by FoundationDB's rules.
#include "sim/oracle/tenant_conflicts.h"

#include <gtest/gtest.h>

namespace squall::sim {
namespace {

StoreKeyRange range(const std::string& begin, const std::string& end) {
  return {StoreKey(begin), StoreKey(end)};
}
std::string wrong(const TenantTransaction& transaction, std::vector<StoreKeyRange> taken) {
  return find_wrong_conflict(transaction, taken);
}

TEST(TenantConflicts, AScanThatItsLimitCutConflictsUpToItsLastRow) {
  TenantTransaction transaction;
  transaction.looks.push_back({{"tenant/a", "tenant/k", 1, false}, 0, {{"tenant/c", "1"}}});
  const std::string past_c = std::string("tenant/c") + '\0';
  EXPECT_EQ(wrong(transaction, {range("tenant/a", past_c)}), "");
  EXPECT_NE(wrong(transaction, {range("tenant/a", "tenant/c")}), "");
  EXPECT_NE(wrong(transaction, {range("tenant/a", "tenant/k")}), "");
  transaction.looks[0].read.reverse = true;
  EXPECT_EQ(wrong(transaction, {range("tenant/c", "tenant/k")}), "");
}

TEST(TenantConflicts, AnExhaustedScanConflictsOverItsWholeRange) {
  TenantTransaction transaction;
  transaction.looks.push_back({{"tenant/a", "tenant/k", 2, false}, 0, {{"tenant/c", "1"}}});
  EXPECT_EQ(wrong(transaction, {range("tenant/a", "tenant/k")}), "");
  EXPECT_NE(wrong(transaction, {range("tenant/a", "tenant/d")}), "");
}

TEST(TenantConflicts, WhatTheTransactionHadDecidedItselfIsLeftOut) {
  TenantTransaction transaction;
  transaction.writes.push_back({TenantWrite::Kind::kClearRange, "tenant/b", "tenant/d"});
  transaction.writes.push_back({TenantWrite::Kind::kAtomic, "tenant/e", "1"});
  transaction.writes.push_back({TenantWrite::Kind::kClearRange, "tenant/f", "tenant/g"});
  transaction.looks.push_back({{"tenant/a", "tenant/k", 9, false}, 2, {}});
  EXPECT_EQ(wrong(transaction, {range("tenant/a", "tenant/b"), range("tenant/d", "tenant/k")}), "");
  EXPECT_NE(wrong(transaction, {range("tenant/a", "tenant/k")}), "");
}

TEST(TenantConflicts, ASelectorConflictsFromItsKeyToWhatItFound) {
  TenantTransaction transaction;
  transaction.looks.push_back({{"tenant/c", "", 1, false, 0, true}, 0, {{"tenant/a", ""}}});
  const std::string past_c = std::string("tenant/c") + '\0';
  EXPECT_EQ(wrong(transaction, {range("tenant/a", past_c)}), "");
  EXPECT_NE(wrong(transaction, {range("tenant/b", past_c)}), "");
}

TEST(TenantConflicts, WhatItAskedForByHandIsDueWhateverItWrote) {
  TenantTransaction transaction;
  transaction.writes.push_back({TenantWrite::Kind::kSet, "tenant/b", "1"});
  transaction.read_ranges.emplace_back("tenant/a", "tenant/c");
  EXPECT_EQ(wrong(transaction, {range("tenant/a", "tenant/c")}), "");
  EXPECT_NE(wrong(transaction, {range("tenant/a", "tenant/b")}), "");
  EXPECT_NE(wrong(transaction, {}), "");
}

TEST(TenantConflicts, WhatWasNotReadIsTooMuch) {
  TenantTransaction transaction;
  EXPECT_EQ(wrong(transaction, {}), "");
  EXPECT_EQ(wrong(transaction, {StoreKeyRange::of_key(StoreKey("another tenant's"))}), "");
  EXPECT_NE(wrong(transaction, {StoreKeyRange::of_key(StoreKey("tenant/a"))}), "");
}

}  // namespace
}  // namespace squall::sim
