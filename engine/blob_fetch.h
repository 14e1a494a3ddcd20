// Reads blobs of one actor from the store, many in one round trip; a second one only for pieces
// that nobody foresaw.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/chunked_value.h"
#include "engine/store.h"

namespace squall {

// The stored values of one blob: its first value when it fits in one, else its pieces in order.
using BlobParts = std::vector<SharedBytes>;

class BlobFetch {
 public:
  // Asks for a blob. guessed_pieces: how many pieces it had when last seen; a wrong guess costs a
  // round trip. Returns its slot; the same key again returns the same slot.
  size_t add(const Key& key, uint32_t guessed_pieces);
  // Reads what was added since the last fetch, and the row under also_key, if given, in the same
  // round trip.
  StoreResult<void> fetch(Transaction& transaction, ReadMode mode, const Key* also_key = nullptr,
                          std::optional<SharedBytes>* also_value = nullptr);

  const Key& key(size_t slot) const { return blobs_[slot].key; }
  // False: no row under its key.
  bool present(size_t slot) const { return blobs_[slot].first.has_value(); }
  // Empty: values that are no blob, or pieces missing or of another length than the first value
  // says.
  BlobParts parts(size_t slot) const;
  uint32_t pieces(size_t slot) const { return static_cast<uint32_t>(blobs_[slot].pieces.size()); }
  size_t size() const { return blobs_.size(); }

 private:
  struct Blob {
    Key key;
    std::optional<SharedBytes> first;
    std::vector<std::optional<SharedBytes>> pieces;
    bool read = false;
  };
  std::vector<Blob> blobs_;
};

}  // namespace squall
