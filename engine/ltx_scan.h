// The strict reader underneath opened blobs and the decoder: one pass over a whole file, and one
// over a frame.
#pragma once

#include <absl/container/inlined_vector.h>
#include <absl/functional/function_ref.h>

#include <memory>
#include <optional>
#include <string_view>

#include "engine/crc64.h"
#include "engine/ltx_format.h"

namespace squall::ltx {

enum class TrailerForm : uint8_t {
  kChecksum,        // the format's: a file checksum
  kChecksumOrZero,  // also the original system's: NoChecksum and a trailer of zeros, which nothing
                    // protects
};

// Sees each page in file order, before the file's last checks: trust it when the scan succeeds.
using PageVisitor = absl::FunctionRef<void(const PageEntry& entry, std::string_view page)>;
using PageEntries = absl::InlinedVector<PageEntry, 4>;

// What a caller remembers of frames that it decoded before, here or in other files: such a frame is
// not decoded again, and the visitor gets an empty page. Every other check of the file is made, the
// file checksum included.
class FrameMemory {
 public:
  virtual ~FrameMemory() = default;
  // frame: its lead and its block. The checksum that learn was told with the same bytes, or
  // nothing.
  virtual std::optional<uint64_t> recall(std::string_view frame) = 0;
  virtual void learn(std::string_view frame, uint64_t checksum, std::string_view page) = 0;
};

struct ScannedFile {
  Header header;
  uint64_t post_apply_checksum = 0;
  uint64_t file_checksum = 0;  // as in the trailer; 0 only for a zero trailer that was asked for
  uint64_t index_offset_bytes = 0;
  uint64_t trailer_offset_bytes = 0;
  PageEntries pages;
};

// Checks every rule of the format, in this order: what decides the layout; frame by frame lengths,
// page numbers and blocks; the index; the end; the header's and trailer's values; the file
// checksum. Takes time linear in the file and its pages; memory for one page and 24 bytes a frame.
LtxResult<ScannedFile> scan_file(std::string_view file, TrailerForm form, PageVisitor visit,
                                 FrameMemory* memory = nullptr);

// Joins the checksum of what lies before a frame and that of the frame.
const Crc64Joiner& frame_joiner(uint32_t page_size_bytes);

struct Frame {
  uint32_t pgno = 0;  // 0: the six zero bytes that end the frames
  std::string_view block;
  uint64_t size_bytes = 0;
};
// The frame at offset_bytes, its lengths and flags checked, its block not yet read.
LtxResult<Frame> read_frame(std::string_view file, uint64_t offset_bytes, uint32_t page_size_bytes);
// Decompresses the frame's block to the page_size_bytes at out.
LtxResult<void> read_block(const Frame& frame, uint64_t frame_offset_bytes,
                           uint32_t page_size_bytes, char* out);

// Room for one page and, right before it, for its frame's lead, so that both are hashed at once.
// Fibers have small stacks: pages above the usual size go to the heap.
class PageScratch {
 public:
  explicit PageScratch(uint32_t page_size_bytes);
  char* page() { return page_; }

 private:
  static constexpr size_t kInlineBytes = 4096;
  static constexpr size_t kLeadRoom = 16;

  alignas(16) char inline_[kLeadRoom + kInlineBytes];
  std::unique_ptr<char[]> heap_;
  char* page_;
};

}  // namespace squall::ltx
