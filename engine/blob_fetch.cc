#include "engine/blob_fetch.h"

#include <algorithm>

namespace squall {
namespace {

// Keys that one round trip reads, and where each answer goes.
class Batch {
 public:
  void add(const Key& key, std::optional<SharedBytes>* out) {
    keys_.push_back(key);
    outs_.push_back(out);
  }

  StoreResult<void> read(Transaction& transaction, ReadMode mode) {
    if (keys_.empty()) return {};
    std::vector<std::string_view> views(keys_.begin(), keys_.end());
    std::vector<std::optional<SharedBytes>> values;
    values.reserve(keys_.size());
    if (auto read = transaction.get_many(views, mode, &values); !read) return read;
    for (size_t i = 0; i < outs_.size(); ++i) *outs_[i] = std::move(values[i]);
    return {};
  }

 private:
  std::vector<Key> keys_;
  std::vector<std::optional<SharedBytes>*> outs_;
};

}  // namespace

size_t BlobFetch::add(const Key& key, uint32_t guessed_pieces) {
  const auto same = std::find_if(blobs_.rbegin(), blobs_.rend(),
                                 [&](const Blob& blob) { return blob.key == key; });
  if (same != blobs_.rend()) return static_cast<size_t>(blobs_.rend() - same) - 1;
  Blob& blob = blobs_.emplace_back();
  blob.key = key;
  blob.pieces.resize(guessed_pieces);
  return blobs_.size() - 1;
}

StoreResult<void> BlobFetch::fetch(Transaction& transaction, ReadMode mode, const Key* also_key,
                                   std::optional<SharedBytes>* also_value) {
  Batch batch;
  if (also_key != nullptr) batch.add(*also_key, also_value);
  const auto add_pieces = [&batch](Blob& blob) {
    for (size_t i = 0; i < blob.pieces.size(); ++i) {
      batch.add(piece_key(blob.key, static_cast<uint16_t>(i)), &blob.pieces[i]);
    }
  };
  std::vector<Blob*> fresh;
  for (Blob& blob : blobs_) {
    if (blob.read) continue;
    fresh.push_back(&blob);
    batch.add(blob.key, &blob.first);
    add_pieces(blob);
  }
  if (auto read = batch.read(transaction, mode); !read) return read;

  batch = Batch();
  for (Blob* blob : fresh) {
    blob->read = true;
    const auto first = blob->first ? parse_first_value(*blob->first) : std::nullopt;
    const uint32_t pieces = first ? first->pieces : 0;
    if (blob->pieces.size() == pieces) continue;
    blob->pieces.assign(pieces, std::nullopt);
    add_pieces(*blob);
  }
  return batch.read(transaction, mode);
}

BlobParts BlobFetch::parts(size_t slot) const {
  const Blob& blob = blobs_[slot];
  BlobParts parts;
  const auto first = blob.first ? parse_first_value(*blob.first) : std::nullopt;
  if (!first) return parts;
  if (blob.pieces.empty()) {
    parts.push_back(*blob.first);
    return parts;
  }
  parts.reserve(blob.pieces.size());
  uint64_t total_bytes = 0;
  for (const auto& piece : blob.pieces) {
    if (!piece) return {};
    parts.push_back(*piece);
    total_bytes += piece->size();
  }
  if (total_bytes != first->total_bytes) return {};
  return parts;
}

}  // namespace squall
