// What clients that nobody should serve have in common: what they know of an actor, and the chunks
// that they stage.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/head.h"
#include "engine/shared_bytes.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

// The head record as it is stored now, nothing where there is none; kCorrupt when it can't be read.
Result<std::optional<Head>> stored_head(const SimulatedStore& store, ActorId actor);

struct Chunk {
  SharedBytes blob;
  uint64_t checksum = 0;  // of its LTX file
};

// A sound chunk of a commit over that head: the pages first_pgno… of a database that ends there.
Chunk make_chunk(uint64_t head_txid, uint32_t first_pgno, std::span<const std::string> pages);

}  // namespace squall::sim
