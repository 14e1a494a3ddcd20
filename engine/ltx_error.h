// Refusals of the LTX codec: which rule of the format a file, a page or a request breaks, and at
// which byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace squall::ltx {

enum class Rule : uint8_t {
  // Layout.
  kTruncated,  // a field runs past the end of the file
  kMagic,
  kFlags,          // an unknown flag: a later version, or format 1 with its LZ4 flag
  kPageSize,       // not a power of two from 512 to 65,536
  kTrailingBytes,  // bytes after the trailer
  // Page frames.
  kPageNumberZero,
  kPageFlags,  // neither an LZ4 block nor an LZ4 frame: a later version, or format 2 without page
               // flags
  kLz4Frame,   // a page as LTX v0.5.0 and v0.5.1 wrote it
  kPageOrder,  // page numbers must rise
  kPagePastCommit,
  kLockPage,       // the page at 1 GiB is never part of a file
  kSnapshotGap,    // a snapshot holds every page up to its commit
  kBlockTooLarge,  // a compressed size above the worst case of a page
  kBlockEmpty,
  kBlockMalformed,   // not an LZ4 block that ends where it should
  kBlockZeroOffset,  // an LZ4 match with offset 0, which liblz4 alone accepts
  kBlockNotOnePage,  // a block that holds less or more than its page
  // Index.
  kIndex,      // the index differs from the page frames
  kIndexSize,  // the length of the index differs from its bytes
  kEntry,      // an index entry that is not of this file
  // Header and trailer values.
  kTxidZero,
  kTxidOrder,  // the first transaction lies after the last
  kWalNegative,
  kWalOffsetMissing,    // a WAL size or salts without a WAL offset
  kPreApplyForbidden,   // a pre-apply checksum in a snapshot or under NoChecksum
  kPreApplyMissing,     // absent, or without bit 63
  kPostApplyForbidden,  // a post-apply checksum under NoChecksum
  kPostApplyMissing,    // absent, or without bit 63
  kPostApplyEmpty,      // an empty database (commit 0) has post-apply bit 63 alone
  kPostApplyWrong,      // differs from the pages
  // File checksum.
  kFileChecksumAbsent,  // all zero: the original system's form, read only on request
  kFileChecksum,
  // Writing, compacting, restoring.
  kPageLength,  // a page to encode is not as long as the header says
  kNoInput,
  kPageSizesDiffer,
  kNotContiguous,     // transaction ids leave a gap or go back
  kGrowthIncomplete,  // a file that grows the database misses a new page
  kNotSnapshot,       // restoring starts at a snapshot
  kPreApplyWrong,     // the database is not the one that the file builds on
  kNotDatabase,       // not a SQLite database of whole pages
};

// Kebab-case: "page-past-commit".
std::string_view to_string(Rule rule);
// One sentence: "a page lies past the commit size".
std::string_view describe(Rule rule);

struct LtxError {
  Rule rule;
  // From the start of the file: the first byte of the field that breaks the rule. When writing,
  // where it would lie.
  uint64_t offset_bytes = 0;

  // "page-past-commit at byte 104: a page lies past the commit size"
  std::string message() const;
  friend bool operator==(const LtxError&, const LtxError&) = default;
};

template <typename T>
using LtxResult = tl::expected<T, LtxError>;
using LtxFailure = tl::unexpected<LtxError>;

inline LtxFailure refuse(Rule rule, uint64_t offset_bytes) {
  return LtxFailure(LtxError{rule, offset_bytes});
}

}  // namespace squall::ltx
