// Blobs that were opened, kept open. A checked blob is trusted only as those bytes in memory:
// whoever wants it hands over the values that the store gave just now, and gets the opened blob
// only when they are the very same memory. A blob that is opened again is checked again, but for
// the frames whose bytes were checked before (checked_frames.h).
#pragma once

#include <absl/container/flat_hash_map.h>

#include <list>
#include <memory>

#include "engine/blob_fetch.h"
#include "engine/checked_frames.h"
#include "engine/ltx_blob.h"
#include "engine/result.h"
#include "engine/runtime.h"

namespace squall {

using OpenedBlobRef = std::shared_ptr<const ltx::OpenedBlob>;

class BlobCache {
 public:
  enum class Keep : uint8_t { kYes, kNo };

  // capacity_bytes bounds what the blobs that stay open take: stored bytes and bookkeeping.
  BlobCache(uint64_t capacity_bytes, Runtime& runtime)
      : capacity_bytes_(capacity_bytes), runtime_(runtime) {}

  // Opens the blob of a DELTA or SHARD key, or finds it open. kCorrupt, naming actor and blob: the
  // parts are not a blob, a rule of LTX is broken, the transaction is not the key's, or a page lies
  // outside its shard.
  Result<OpenedBlobRef> open(const Key& key, const BlobParts& parts, Keep keep);

  // Keeps a blob in one value that this process wrote and that has landed: its bytes need no check
  // (ltx_blob.h).
  void keep_just_written(const Key& key, SharedBytes value, ltx::ScannedFile scanned);

  // Closes a blob that is gone from the store, or was never open.
  void forget(const Key& key);

  uint64_t size_bytes() const { return size_bytes_; }
  uint64_t opened() const { return opened_; }

 private:
  struct Entry {
    Key key;
    BlobParts parts;
    OpenedBlobRef blob;
    uint64_t size_bytes;
  };
  using Order = std::list<Entry>;  // most recently used first

  void insert(const Key& key, const BlobParts& parts, OpenedBlobRef blob);
  void erase(Order::iterator entry);

  uint64_t capacity_bytes_;
  Runtime& runtime_;
  uint64_t size_bytes_ = 0;
  uint64_t opened_ = 0;
  CheckedFrames checked_frames_;
  Order order_;
  absl::flat_hash_map<Key, Order::iterator> by_key_;
};

// "delta 7 chunk 0 of actor 3"
std::string describe_blob(const Key& key);

}  // namespace squall
