#include "engine/shard_folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/planted.h"
#include "engine/staging.h"

namespace squall {

void ShardFolder::add(const ShardFold& fold) {
  folds_.push_back(&fold);
  if (fold.old != nullptr) blobs_.add(shard_key(actor_, fold.shard), fold.old->pieces);
  for (const FoldedPage& page : fold.pages) {
    blobs_.add(delta_key(actor_, page.from.delta()), page.from.pieces);
  }
}

Result<std::vector<FoldedShard>> ShardFolder::fold() {
  std::vector<FoldedShard> folded;
  folded.reserve(folds_.size());
  for (const ShardFold* fold : folds_) {
    auto shard = fold_shard(*fold);
    if (!shard) return Failure(std::move(shard.error()));
    folded.push_back(std::move(*shard));
  }
  return folded;
}

Result<OpenedBlobRef> ShardFolder::open(const Key& key, uint32_t pieces) {
  const size_t slot = blobs_.add(key, pieces);
  if (!blobs_.present(slot)) return fail(ErrorCode::kCorrupt, describe_blob(key) + " is missing");
  return core_.blobs.open(key, blobs_.parts(slot), BlobCache::Keep::kNo);
}

Result<std::vector<ShardFolder::Source>> ShardFolder::sources(const ShardFold& fold) {
  std::vector<Source> sources;
  for (const FoldedPage& page : fold.pages) {
    const Key key = delta_key(actor_, page.from.delta());
    // Neighbouring pages often lie in one delta: what was opened last is at hand.
    OpenedBlobRef blob;
    if (!sources.empty() && sources.back().key == key) {
      blob = sources.back().blob;
    } else {
      auto opened = open(key, page.from.pieces);
      if (!opened) return Failure(std::move(opened.error()));
      blob = std::move(*opened);
    }
    sources.push_back({page.pgno, std::move(blob), key});
  }
  if (fold.old != nullptr) {
    const Key key = shard_key(actor_, fold.shard);
    auto old = open(key, fold.old->pieces);
    if (!old) return Failure(std::move(old.error()));
    const size_t newer = sources.size();
    const auto by_pgno = [](const Source& a, const Source& b) { return a.pgno < b.pgno; };
    for (const ltx::PageEntry& entry : (*old)->pages()) {
      if (entry.pgno > snapshot_.size_pages && !planted(Defect::kShardKeepsPagesPastEnd)) break;
      Source source{entry.pgno, *old, key};
      const auto end = sources.begin() + static_cast<std::ptrdiff_t>(newer);
      if (!std::binary_search(sources.begin(), end, source, by_pgno))
        sources.push_back(std::move(source));
    }
    std::inplace_merge(sources.begin(), sources.begin() + static_cast<std::ptrdiff_t>(newer),
                       sources.end(), by_pgno);
  }
  return sources;
}

Result<void> ShardFolder::add_page(const Source& source) {
  const auto corrupt = [&](const std::string& why) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("page {} in {}: {}", source.pgno, describe_blob(source.key), why));
  };
  const ltx::PageEntry* entry = source.blob->find(source.pgno);
  if (entry == nullptr) return corrupt("it does not hold it");
  auto added = core_.encoder.add_frame(*source.blob, *entry);
  if (!added) return corrupt(added.error().message());
  return {};
}

Result<FoldedShard> ShardFolder::fold_shard(const ShardFold& fold) {
  FoldedShard folded{fold.shard, fold.old, fold.pages, 0, {}, std::nullopt};
  auto pages = sources(fold);
  if (!pages) return Failure(std::move(pages.error()));
  if (pages->empty()) return folded;
  folded.last_pgno = pages->back().pgno;

  // A shard's LTX header: txids 2 to that of the snapshot's head, never 1, which would make it a
  // snapshot.
  const uint32_t size_pages = planted(Defect::kShardKeepsPagesPastEnd)
                                  ? std::max(snapshot_.size_pages, folded.last_pgno)
                                  : snapshot_.size_pages;
  ltx::Header header = delta_header(snapshot_.head_txid - 1, size_pages, core_.runtime.wall_us());
  header.min_txid = blob_txid(1);
  const auto refused = [&](const ltx::LtxError& error) {
    return fail(ErrorCode::kCorrupt, fmt::format("folding shard {} of actor {}: {}", fold.shard,
                                                 actor_, error.message()));
  };
  if (auto begun = core_.encoder.begin(header); !begun) return refused(begun.error());
  for (const Source& source : *pages) {
    if (auto added = add_page(source); !added) return Failure(std::move(added.error()));
  }
  auto blob = core_.encoder.finish();
  if (!blob) return refused(blob.error());
  folded.blob = SharedBytes(*blob);
  folded.scanned = core_.encoder.scanned();
  return folded;
}

}  // namespace squall
