// An LTX file in memory that has been checked once, and whose pages are read one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/ltx_scan.h"
#include "engine/shared_bytes.h"

namespace squall::ltx {

// Shares the bytes that it checked. Trust is bound to those bytes in memory: whoever reads the same
// key again has other bytes, and opens them again.
class OpenedBlob {
 public:
  // Checks every rule, the file checksum included. The file starts skip_prefix_bytes into bytes and
  // ends with them; offsets in errors and entries count from the start of the file. memory: as for
  // scan_file.
  static LtxResult<OpenedBlob> open(SharedBytes bytes, size_t skip_prefix_bytes = 0,
                                    TrailerForm form = TrailerForm::kChecksum,
                                    FrameMemory* memory = nullptr);

  // Of a file that an Encoder of this process finished, and bytes that were copied from it just
  // now: nobody else can have touched them, so nothing is checked again. scanned: the encoder's.
  static OpenedBlob just_written(SharedBytes bytes, size_t skip_prefix_bytes, ScannedFile scanned);

  const Header& header() const { return scanned_.header; }
  uint64_t post_apply_checksum() const { return scanned_.post_apply_checksum; }
  // 0 only for a zero trailer that was asked for.
  uint64_t file_checksum() const { return scanned_.file_checksum; }
  uint64_t index_offset_bytes() const { return scanned_.index_offset_bytes; }
  uint64_t trailer_offset_bytes() const { return scanned_.trailer_offset_bytes; }
  // By rising page number.
  std::span<const PageEntry> pages() const { return scanned_.pages; }
  // Null: the file has no such page.
  const PageEntry* find(uint32_t pgno) const;
  // Writes the page's header().page_size_bytes to out. Repeats every check of the frame and its
  // block, so that bytes that changed in memory are refused unless they still hold some page of the
  // same number.
  LtxResult<void> read_page(const PageEntry& entry, char* out) const;
  // The page's LZ4 block, as Encoder::add_compressed_page takes it. entry: one of pages().
  std::string_view compressed_block(const PageEntry& entry) const;
  // Its whole frame, as Encoder::add_frame copies it. entry: one of pages().
  std::string_view frame(const PageEntry& entry) const;
  bool is_bytes(const SharedBytes& bytes) const { return bytes_.same_memory(bytes); }

 private:
  OpenedBlob(SharedBytes bytes, std::string_view file, ScannedFile scanned)
      : bytes_(std::move(bytes)), file_(file), scanned_(std::move(scanned)) {}

  SharedBytes bytes_;
  std::string_view file_;
  ScannedFile scanned_;
};

}  // namespace squall::ltx
