#include "engine/ltx_error.h"

#include <fmt/format.h>

#include "engine/assert.h"

namespace squall::ltx {
namespace {

struct Row {
  Rule rule;
  std::string_view name;
  std::string_view sentence;
};

constexpr Row kRows[] = {
    {Rule::kTruncated, "truncated", "the file ends inside a field"},
    {Rule::kMagic, "magic", "the file does not start with LTX1"},
    {Rule::kFlags, "flags", "unknown header flags (a later version, or LTX before v0.4)"},
    {Rule::kPageSize, "page-size", "the page size is not a power of two from 512 to 65536"},
    {Rule::kTrailingBytes, "trailing-bytes", "bytes follow the trailer"},
    {Rule::kPageNumberZero, "page-number-zero", "a page has number 0"},
    {Rule::kPageFlags, "page-flags", "unknown page flags (a later version, or LTX before v0.5)"},
    {Rule::kLz4Frame, "lz4-frame",
     "a page is an LZ4 frame as LTX v0.5.0 and v0.5.1 wrote it; only LZ4 blocks are read"},
    {Rule::kPageOrder, "page-order", "page numbers do not rise"},
    {Rule::kPagePastCommit, "page-past-commit", "a page lies past the commit size"},
    {Rule::kLockPage, "lock-page", "the lock page is part of the file"},
    {Rule::kSnapshotGap, "snapshot-gap", "a snapshot misses a page"},
    {Rule::kBlockTooLarge, "block-too-large",
     "a compressed size is larger than any page compresses to"},
    {Rule::kBlockEmpty, "block-empty", "a page has no compressed bytes"},
    {Rule::kBlockMalformed, "block-malformed", "a page is not a well-formed LZ4 block"},
    {Rule::kBlockZeroOffset, "block-zero-offset", "an LZ4 match has offset 0"},
    {Rule::kBlockNotOnePage, "block-not-one-page", "an LZ4 block does not hold exactly one page"},
    {Rule::kIndex, "index", "the index differs from the page frames"},
    {Rule::kIndexSize, "index-size", "the length of the index differs from its bytes"},
    {Rule::kEntry, "entry", "the index entry is not of this file"},
    {Rule::kTxidZero, "txid-zero", "a transaction id is 0"},
    {Rule::kTxidOrder, "txid-order", "the first transaction id lies after the last"},
    {Rule::kWalNegative, "wal-negative", "the WAL offset or size is negative"},
    {Rule::kWalOffsetMissing, "wal-offset-missing", "a WAL size or salt without a WAL offset"},
    {Rule::kPreApplyForbidden, "pre-apply-forbidden",
     "a pre-apply checksum in a snapshot or under NoChecksum"},
    {Rule::kPreApplyMissing, "pre-apply-missing",
     "the pre-apply checksum is absent or lacks bit 63"},
    {Rule::kPostApplyForbidden, "post-apply-forbidden", "a post-apply checksum under NoChecksum"},
    {Rule::kPostApplyMissing, "post-apply-missing",
     "the post-apply checksum is absent or lacks bit 63"},
    {Rule::kPostApplyEmpty, "post-apply-empty",
     "the post-apply checksum of an empty database is not bit 63 alone"},
    {Rule::kPostApplyWrong, "post-apply-wrong", "the post-apply checksum differs from the pages"},
    {Rule::kFileChecksumAbsent, "file-checksum-absent",
     "the file checksum is zero: nothing protects the file"},
    {Rule::kFileChecksum, "file-checksum", "the file checksum differs from the file"},
    {Rule::kPageLength, "page-length", "the page is not as long as the header says"},
    {Rule::kNoInput, "no-input", "there is no input file"},
    {Rule::kPageSizesDiffer, "page-sizes-differ", "the input files have different page sizes"},
    {Rule::kNotContiguous, "not-contiguous", "the transaction ids leave a gap or go back"},
    {Rule::kGrowthIncomplete, "growth-incomplete",
     "a file grows the database without carrying every new page"},
    {Rule::kNotSnapshot, "not-snapshot", "the first file is not a snapshot"},
    {Rule::kPreApplyWrong, "pre-apply-wrong",
     "the database is not the one that the file builds on"},
    {Rule::kNotDatabase, "not-database", "not a SQLite database of whole pages"},
};

const Row& row(Rule rule) {
  const auto index = static_cast<size_t>(rule);
  SQUALL_ASSERT(index < std::size(kRows));
  SQUALL_ASSERT(kRows[index].rule == rule);
  return kRows[index];
}

}  // namespace

std::string_view to_string(Rule rule) { return row(rule).name; }
std::string_view describe(Rule rule) { return row(rule).sentence; }

std::string LtxError::message() const {
  return fmt::format("{} at byte {}: {}", to_string(rule), offset_bytes, describe(rule));
}

}  // namespace squall::ltx
