// Between LTX files and SQLite database files: applying files in order, and taking a snapshot.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/ltx_blob.h"
#include "engine/ltx_encoder.h"

namespace squall::ltx {

// Where an applied file's pages go: a database file, or memory. Page pgno lies at (pgno - 1) * page
// size.
class PageSink {
 public:
  virtual ~PageSink() = default;
  virtual void write(uint32_t pgno, std::string_view page) = 0;
  // The database is size_pages long from now on: what lies past it is gone, and a hole (the lock
  // page) is zeros.
  virtual void resize(uint32_t size_pages) = 0;
};

// Applies LTX files in order, from a snapshot on, to a database that was empty before.
class Restorer {
 public:
  // sink must outlive the restorer.
  explicit Restorer(PageSink& sink) : sink_(sink) {}

  // Refuses, and changes nothing: a first file that is no snapshot; another page size; transactions
  // that don't follow; a growing file that misses a page (as ltx_compactor.h); a pre-apply checksum
  // that is not the database's (checked where the file starts right after the one before), or a
  // post-apply checksum that would not be.
  LtxResult<void> apply(const OpenedBlob& file);

  const Header& header() const { return header_; }  // of the file applied last
  uint64_t database_checksum() const { return kChecksumBit | checksum_; }

 private:
  LtxResult<void> check_follows(const OpenedBlob& file) const;
  LtxResult<std::vector<uint64_t>> checksum_pages(const OpenedBlob& file) const;
  uint64_t checksum_after(const OpenedBlob& file, const std::vector<uint64_t>& checksums) const;

  PageSink& sink_;
  Header header_;
  bool started_ = false;
  uint64_t checksum_ = 0;
  std::vector<uint64_t> page_checksums_;  // of page i + 1; 0: the lock page
};

struct SnapshotOptions {
  uint32_t flags = 0;  // 0 or kFlagNoChecksum
  uint64_t max_txid = 1;
  int64_t timestamp_ms = 0;
};

// The page size of a SQLite database file of whole pages, of which at least the first 100 bytes are
// given; 4096 for an empty file. kNotDatabase otherwise.
LtxResult<uint32_t> database_page_size(std::string_view first_bytes, uint64_t file_bytes);

// A snapshot of the bytes of a database file, in encoder's memory. The lock page is left out:
// SQLite keeps nothing in it, and restoring gives zeros.
LtxResult<std::string_view> encode_snapshot(std::string_view database,
                                            const SnapshotOptions& options, Encoder& encoder);

}  // namespace squall::ltx
