// The sites of engine/ and vfs/ where something may go wrong: one row each. The simulator turns
// each into perturbations; the production build compiles them to nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace squall {

enum class Site : uint8_t {
  kCommitBeforeTransaction,
  kCommitAfterHeadRead,
  kCommitAfterShrinkCleanup,
  kCommitAfterEncode,
  kCommitBeforeStoreCommit,
  kCommitAfterStoreCommit,
  kCommitAfterWake,
  kStageBeginBeforeStoreCommit,
  kStageBeforeStoreCommit,
  kStageAfterStoreCommit,
  kFinalizeAfterManifestRead,
  kFinalizeBeforeStoreCommit,
  kFinalizeAfterStoreCommit,
  kReadBeforeIndex,
  kReadAfterIndex,
  kReadAfterBlobs,
  kReadBeforeReturn,
  kCompactBeforeSnapshot,
  kCompactAfterSnapshot,
  kCompactAfterBlobs,
  kCompactAfterFold,
  kCompactAfterHeadRead,
  kCompactBeforeStoreCommit,
  kCompactAfterStoreCommit,
  kTakeoverBeforeTransaction,
  kTakeoverAfterHeadRead,
  kTakeoverBeforeStoreCommit,
  kTakeoverAfterStoreCommit,
  kTakeoverAfterPreload,
  kVfsBeforeCommitRequest,
  kVfsAfterCommitReply,
  kVfsBeforeFetch,
  kCount,
};

inline constexpr size_t kSiteCount = static_cast<size_t>(Site::kCount);

#ifndef SQUALL_PRODUCTION
// Kebab-case, as capsules and the catalogue spell it: "commit-after-head-read".
std::string_view to_string(Site site);
#endif

}  // namespace squall
