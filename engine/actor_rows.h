// Reads an actor's small rows from the store: head and index, or all that a takeover and a
// compaction need.
#pragma once

#include <absl/container/btree_map.h>

#include <optional>

#include "engine/head.h"
#include "engine/page_index.h"
#include "engine/retry.h"

namespace squall {

struct IndexedHead {
  Head head;
  PageIndex index;
};

// All rows but the blobs. Of an open stage only its first row: its chunks are in `deltas` as well.
struct ActorRows {
  Head head;
  PageIndex index;
  std::optional<StageRow> stage;
  absl::btree_map<DeltaName, SizeRow> deltas;
  absl::btree_map<uint32_t, SizeRow> shards;
};

// One round trip each. Nothing: the actor has no head. kCorrupt: a row that can't be read.
Attempted<std::optional<IndexedHead>> load_index(Transaction& transaction, ActorId actor,
                                                 ReadMode mode);
Attempted<std::optional<ActorRows>> load_rows(Transaction& transaction, ActorId actor,
                                              ReadMode mode);
Attempted<std::optional<Head>> load_head(Transaction& transaction, ActorId actor, ReadMode mode);

// kCorrupt when the row is missing: a head that says that a stage is open has one.
Attempted<StageRow> load_stage(Transaction& transaction, ActorId actor, ReadMode mode);

}  // namespace squall
