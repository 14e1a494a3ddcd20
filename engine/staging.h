// What the two ends of a staged commit agree on: the VFS that cuts it into chunks, and the engine
// that checks them.
#pragma once

#include <cstdint>
#include <span>

#include "engine/ltx_format.h"

namespace squall {

// The transaction id that a delta blob carries in its LTX header, as min and max. One above the
// actor's own, which count from 1: LTX takes a file with min txid 1 for a snapshot of a whole
// database, and a chunk of an actor's first commit is none.
inline uint64_t blob_txid(uint64_t txid) { return txid + 1; }

// The LTX header of a delta blob of the commit that builds on head_txid and leaves size_pages.
ltx::Header delta_header(uint64_t head_txid, uint32_t size_pages, int64_t wall_us);

// XXH3-64 over the little-endian file checksums of a commit's chunks, in order.
uint64_t stage_digest(std::span<const uint64_t> file_checksums);

}  // namespace squall
