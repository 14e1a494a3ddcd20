// Builds the new blob of a shard from its old one and the newest pages of deltas, reusing
// compressed blocks.
#pragma once

#include <optional>
#include <vector>

#include "engine/blob_fetch.h"
#include "engine/compaction_plan.h"
#include "engine/engine_core.h"

namespace squall {

struct FoldedShard {
  uint32_t shard = 0;
  const SizeRow* old = nullptr;
  std::vector<FoldedPage> pages;  // whose index rows the fold makes needless
  uint32_t last_pgno = 0;         // 0: the shard is empty now
  SharedBytes blob;
  std::optional<ltx::ScannedFile> scanned;  // of blob; nothing for an empty shard
};

class ShardFolder {
 public:
  ShardFolder(EngineCore& core, ActorId actor, const Head& snapshot)
      : core_(core), actor_(actor), snapshot_(snapshot) {}

  // Asks for every blob that the fold needs.
  void add(const ShardFold& fold);
  // Reads them: one round trip, or two.
  StoreResult<void> fetch(Transaction& transaction) {
    return blobs_.fetch(transaction, ReadMode::kSnapshot);
  }
  // kCorrupt: a blob is missing or can't be read, or a delta lacks a page that the index says it
  // has.
  Result<std::vector<FoldedShard>> fold();

 private:
  struct Source {
    uint32_t pgno;
    OpenedBlobRef blob;
    Key key;
  };

  Result<FoldedShard> fold_shard(const ShardFold& fold);
  Result<std::vector<Source>> sources(const ShardFold& fold);
  Result<OpenedBlobRef> open(const Key& key, uint32_t pieces);
  Result<void> add_page(const Source& source);

  EngineCore& core_;
  const ActorId actor_;
  const Head snapshot_;
  BlobFetch blobs_;
  std::vector<const ShardFold*> folds_;
};

}  // namespace squall
