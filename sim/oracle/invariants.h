// Everything that must hold, one row each (invariants.cc): its name, what it holds and what it does
// not check. The code that judges it stands in the file that its row names.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace squall::sim {

enum class Invariant : uint8_t {
  kHeadMonotonic,
  kGenerationMonotonic,
  kFenceExclusive,
  kNoZombieCommit,
  kLegalFencesOnly,
  kAckedDurable,
  kErrorOldOrNew,
  kPageImages,
  kSqlTwin,
  kSqliteIntegrity,
  kIndexBacked,
  kDeltaRange,
  kShardPlacement,
  kShrinkClean,
  kGrowthExplicit,
  kUsageExact,
  kQuotaKept,
  kMaterializedSound,
  kCompactionPreserves,
  kTakeoverCleans,
  kStagedAtomic,
  kStoreValuesVerbatim,
  kStoreSerializable,
  kTransactionLimits,
  kRoundTripBudget,
  kActorIsolation,
  kRequestsChecked,
  kCorruptionDetected,
  kBoundedMemory,
  kProgress,
  kCompactionConverges,
  kMessageCodec,
  kApiContract,
  kCount,
};
inline constexpr size_t kInvariantCount = static_cast<size_t>(Invariant::kCount);

struct InvariantInfo {
  Invariant invariant;
  std::string_view name;  // kebab-case: "head-monotonic"
  std::string_view holds;
  std::string_view does_not_check;
};
std::span<const InvariantInfo> invariant_table();
std::string_view to_string(Invariant invariant);

// Two violations are the same failure when invariant and site are the same.
struct Violation {
  Invariant invariant = Invariant::kHeadMonotonic;
  std::string site;     // a short stable word: the layer or operation where it showed
  std::string message;  // for people: actor, commit, page, expected, found

  std::string signature() const;  // invariant@site
};

using InvariantCounts = std::array<uint64_t, kInvariantCount>;

}  // namespace squall::sim
