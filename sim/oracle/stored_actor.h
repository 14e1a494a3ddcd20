// All rows of one actor as they lie in the store, read by the oracle itself for a structure scan.
#pragma once

#include <absl/container/btree_map.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/rows.h"
#include "sim/oracle/judge.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

// One blob: a delta chunk or a shard.
struct ScannedBlob {
  std::optional<SharedBytes> first_value;
  uint32_t pieces = 0;        // rows that are there
  uint64_t stored_bytes = 0;  // of first value and pieces, keys and values
  std::optional<SizeRow> size;
};

struct ScannedActor {
  std::vector<std::pair<uint32_t, IndexRow>> index;  // by rising page
  absl::btree_map<DeltaName, ScannedBlob> deltas;
  absl::btree_map<uint32_t, ScannedBlob> shards;
  std::optional<StageRow> stage;
  std::vector<std::pair<uint32_t, StageChunkRow>> stage_chunks;  // by rising chunk
};

// Where the index says that the page lies; nothing: it has no row, or one that can't be read.
std::optional<IndexRow> stored_index_row(const SimulatedStore& store, ActorId actor, uint32_t pgno);

// False, and reported as delta-range, when a row can't be read.
bool scan_actor(Judge& judge, const SimulatedStore& store, ActorId actor, ScannedActor* out);

}  // namespace squall::sim
