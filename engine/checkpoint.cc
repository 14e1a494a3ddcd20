#include "engine/checkpoint.h"

#ifndef SQUALL_PRODUCTION

#include "engine/assert.h"

namespace squall {

namespace {
constexpr std::array<std::string_view, kSiteCount> kNames = {
    "commit-before-transaction",
    "commit-after-head-read",
    "commit-after-shrink-cleanup",
    "commit-after-encode",
    "commit-before-store-commit",
    "commit-after-store-commit",
    "commit-after-wake",
    "stage-begin-before-store-commit",
    "stage-before-store-commit",
    "stage-after-store-commit",
    "finalize-after-manifest-read",
    "finalize-before-store-commit",
    "finalize-after-store-commit",
    "read-before-index",
    "read-after-index",
    "read-after-blobs",
    "read-before-return",
    "compact-before-snapshot",
    "compact-after-snapshot",
    "compact-after-blobs",
    "compact-after-fold",
    "compact-after-head-read",
    "compact-before-store-commit",
    "compact-after-store-commit",
    "takeover-before-transaction",
    "takeover-after-head-read",
    "takeover-before-store-commit",
    "takeover-after-store-commit",
    "takeover-after-preload",
    "vfs-before-commit-request",
    "vfs-after-commit-reply",
    "vfs-before-fetch",
};
}  // namespace

std::string_view to_string(Site site) {
  SQUALL_ASSERT(site < Site::kCount);
  return kNames[static_cast<size_t>(site)];
}

}  // namespace squall

#endif
