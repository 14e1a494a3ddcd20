// Writes LTX files, one after another, into memory that it keeps from file to file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/grow_buffer.h"
#include "engine/ltx_blob.h"
#include "engine/ltx_format.h"
#include "engine/ltx_scan.h"
#include "engine/lz4_block.h"

namespace squall::ltx {

// begin, the pages by rising number, finish. What breaks a rule of the format is refused and
// changes nothing; so a file that finish returns is one that every strict decoder accepts.
class Encoder {
 public:
  // lz4_acceleration: as Lz4Compressor's.
  explicit Encoder(int lz4_acceleration = 1) : compressor_(lz4_acceleration) {}
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  // Starts a file, after reserved_prefix_bytes for the caller to fill in the result.
  LtxResult<void> begin(const Header& header, size_t reserved_prefix_bytes = 0);
  // page: header.page_size_bytes long.
  LtxResult<void> add_page(uint32_t pgno, std::string_view page);
  // A block of a blob that was checked, and the page that it holds: nothing is compressed again.
  LtxResult<void> add_compressed_page(uint32_t pgno, std::string_view lz4_block,
                                      std::string_view page);
  // The same of a frame of an opened blob, which its entry is of: nothing is even decompressed. Not
  // for a snapshot with checksums, whose post-apply checksum needs the page.
  LtxResult<void> add_frame(const OpenedBlob& blob, const PageEntry& entry);
  // The prefix and the file, valid until the next begin. The post-apply checksum is 0 under
  // NoChecksum; that of a snapshot must be its pages'.
  LtxResult<std::string_view> finish(uint64_t post_apply_checksum = 0);
  // Of the finished file, as in its trailer.
  uint64_t file_checksum() const { return file_checksum_; }
  // What a scan of the finished file finds.
  const ScannedFile& scanned() const { return scanned_; }
  // Of the pages added so far, as a database: the post-apply checksum of a snapshot. Kept only for
  // snapshots with checksums.
  uint64_t database_checksum() const { return kChecksumBit | pages_checksum_; }

 private:
  uint64_t offset() const { return buffer_.size() - prefix_bytes_; }
  LtxResult<void> check_page(uint32_t pgno, std::string_view page);
  void lead_frame(uint32_t pgno, size_t block_bytes, std::string_view page);
  void append_frame(uint32_t pgno, uint64_t size_bytes, uint64_t checksum);

  GrowBuffer buffer_;
  Lz4Compressor compressor_;
  PageEntries entries_;
  Header header_;
  PageSequence sequence_{Header{}};
  size_t prefix_bytes_ = 0;
  const Crc64Joiner* joiner_ = nullptr;
  uint64_t crc_ = 0;  // of all that was written
  uint64_t pages_checksum_ = 0;
  uint64_t file_checksum_ = 0;
  ScannedFile scanned_;
  bool begun_ = false;
};

}  // namespace squall::ltx
