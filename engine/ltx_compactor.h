// Many LTX files of one database, oldest first, become one file of the same effect.
//
// Newest page wins; pages past the last file's commit are dropped. Min txid and pre-apply checksum
// come from the first file; max txid, commit, timestamp and post-apply checksum from the last; WAL
// and node fields are zero. The official compactor brings a page back that a shrink cut off and the
// regrowth didn't rewrite. Here a file that grows the database must carry every page between the
// commit before it and its own; under that rule compacting equals applying the files in order, and
// is associative.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/ltx_blob.h"
#include "engine/ltx_encoder.h"

namespace squall::ltx {

// What is wrong, in which of the inputs; for what is wrong with the result, the number of inputs.
struct CompactError {
  size_t input = 0;
  LtxError error;
  std::string message() const;
};

// True if a file with min_txid..max_txid may follow one that ends at previous_max_txid: no gap, and
// something new.
bool is_contiguous(uint64_t previous_max_txid, uint64_t min_txid, uint64_t max_txid);

// kGrowthIncomplete if next grows a database of previous_pages without carrying every new page.
LtxResult<void> check_growth(uint32_t previous_pages, const Header& next,
                             std::span<const PageEntry> pages);

// The compacted file in encoder's memory, after reserved_prefix_bytes. flags: the result's header
// flags.
tl::expected<std::string_view, CompactError> compact(std::span<const OpenedBlob> inputs,
                                                     uint32_t flags, Encoder& encoder,
                                                     size_t reserved_prefix_bytes = 0);

}  // namespace squall::ltx
