#include "engine/blob_cache.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/assert.h"
#include "engine/page.h"
#include "engine/planted.h"
#include "engine/staging.h"
#include "engine/structure.h"

namespace squall {
namespace {

ParsedKey parse_blob_key(const Key& key) {
  const auto parsed = parse_key(key);
  SQUALL_ASSERT(parsed.has_value());
  return *parsed;
}

// About what an open blob takes besides its bytes: the opened form, its list and table entries.
constexpr uint64_t kEntryBytes = 512;

bool same_memory(const BlobParts& a, const BlobParts& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const SharedBytes& x, const SharedBytes& y) {
        return planted(Defect::kOpenBlobTrustedBySize) ? x.size() == y.size() : x.same_memory(y);
      });
}

uint64_t total_bytes(const BlobParts& parts) {
  uint64_t total = 0;
  for (const SharedBytes& part : parts) total += part.size();
  return total;
}

SharedBytes join(const BlobParts& parts) {
  return SharedBytes::build(total_bytes(parts), [&](char* out) {
    for (const SharedBytes& part : parts) {
      std::memcpy(out, part.data(), part.size());
      out += part.size();
    }
  });
}

// Planted: the file without its checksum, in a form that LTX knows.
ltx::LtxResult<ltx::OpenedBlob> open_unchecked(const BlobParts& parts, size_t skip_prefix_bytes) {
  const SharedBytes whole = join(parts);
  const auto unchecked = SharedBytes::build(whole.size(), [&](char* out) {
    std::memcpy(out, whole.data(), whole.size());
    std::memset(out + whole.size() - sizeof(uint64_t), 0, sizeof(uint64_t));
  });
  return ltx::OpenedBlob::open(unchecked, skip_prefix_bytes, ltx::TrailerForm::kChecksumOrZero);
}

// Null, or how the blob is not what its key says.
const char* misplaced(const ParsedKey& key, const ltx::OpenedBlob& blob) {
  const ltx::Header& header = blob.header();
  if (header.page_size_bytes != kPageSizeBytes) return "its page size is not 4096";
  if (key.kind == ParsedKey::Kind::kDelta) {
    const uint64_t txid = blob_txid(key.delta.txid);
    return header.min_txid == txid && header.max_txid == txid ? nullptr
                                                              : "it is of another transaction";
  }
  const auto in_shard = [&](const ltx::PageEntry& entry) {
    return shard_of(entry.pgno) == key.number;
  };
  return std::all_of(blob.pages().begin(), blob.pages().end(), in_shard)
             ? nullptr
             : "a page lies outside the shard";
}

Failure corrupt(const Key& key, const std::string& why) {
  return fail(ErrorCode::kCorrupt, fmt::format("{}: {}", describe_blob(key), why));
}

}  // namespace

std::string describe_blob(const Key& key) {
  const ParsedKey parsed = parse_blob_key(key);
  if (parsed.kind == ParsedKey::Kind::kDelta) {
    return fmt::format("delta {} chunk {} of actor {}", parsed.delta.txid, parsed.delta.chunk,
                       parsed.actor);
  }
  return fmt::format("shard {} of actor {}", parsed.number, parsed.actor);
}

Result<OpenedBlobRef> BlobCache::open(const Key& key, const BlobParts& parts, Keep keep) {
  if (parts.empty()) return corrupt(key, "its stored values are not whole");
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) {
    if (same_memory(known->second->parts, parts)) {
      probe(runtime_, Probe::kReadFindsBlobOpen);
      order_.splice(order_.begin(), order_, known->second);
      return known->second->blob;
    }
    erase(known->second);
  }
  // A blob in one value is that value behind its marker; the parts of a cut one carry none.
  const auto first = parts.size() == 1 ? parse_first_value(parts.front()) : std::nullopt;
  const bool in_one_value = first && first->pieces == 0;
  const size_t skip_prefix_bytes = in_one_value ? kMarkerBytes : 0;
  auto opened = ltx::OpenedBlob::open(in_one_value ? parts.front() : join(parts), skip_prefix_bytes,
                                      ltx::TrailerForm::kChecksum, &checked_frames_);
  ++opened_;
  if (!opened && planted(Defect::kBlobChecksumIgnored) &&
      opened.error().rule == ltx::Rule::kFileChecksum) {
    opened = open_unchecked(parts, skip_prefix_bytes);
  }
  if (!opened) return corrupt(key, opened.error().message());
  if (const char* why = misplaced(parse_blob_key(key), *opened)) return corrupt(key, why);
  auto blob = std::make_shared<const ltx::OpenedBlob>(std::move(*opened));
  if (keep == Keep::kYes) insert(key, parts, blob);
  return blob;
}

void BlobCache::keep_just_written(const Key& key, SharedBytes value, ltx::ScannedFile scanned) {
  forget(key);
  BlobParts parts{value};
  insert(key, parts,
         std::make_shared<const ltx::OpenedBlob>(
             ltx::OpenedBlob::just_written(std::move(value), kMarkerBytes, std::move(scanned))));
}

void BlobCache::forget(const Key& key) {
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) erase(known->second);
}

void BlobCache::insert(const Key& key, const BlobParts& parts, OpenedBlobRef blob) {
  const uint64_t size_bytes =
      kEntryBytes + total_bytes(parts) + blob->pages().size() * sizeof(ltx::PageEntry);
  if (size_bytes > capacity_bytes_) return;
  while (size_bytes_ + size_bytes > capacity_bytes_) {
    probe(runtime_, Probe::kBlobEvicted);
    erase(std::prev(order_.end()));
  }
  order_.push_front({key, parts, std::move(blob), size_bytes});
  by_key_[key] = order_.begin();
  size_bytes_ += size_bytes;
}

void BlobCache::erase(Order::iterator entry) {
  size_bytes_ -= entry->size_bytes;
  by_key_.erase(entry->key);
  order_.erase(entry);
}

}  // namespace squall
