#include "engine/ltx_blob.h"

#include <algorithm>
#include <utility>

#include "engine/assert.h"

namespace squall::ltx {

LtxResult<OpenedBlob> OpenedBlob::open(SharedBytes bytes, size_t skip_prefix_bytes,
                                       TrailerForm form, FrameMemory* memory) {
  if (bytes.size() < skip_prefix_bytes) return refuse(Rule::kTruncated, 0);
  const std::string_view file = bytes.view().substr(skip_prefix_bytes);
  auto scanned = scan_file(
      file, form, [](const PageEntry&, std::string_view) {}, memory);
  if (!scanned) return LtxFailure(scanned.error());
  return OpenedBlob(std::move(bytes), file, std::move(*scanned));
}

OpenedBlob OpenedBlob::just_written(SharedBytes bytes, size_t skip_prefix_bytes,
                                    ScannedFile scanned) {
  const std::string_view file = bytes.view().substr(skip_prefix_bytes);
  SQUALL_ASSERT(file.size() == scanned.trailer_offset_bytes + kTrailerBytes);
  return OpenedBlob(std::move(bytes), file, std::move(scanned));
}

const PageEntry* OpenedBlob::find(uint32_t pgno) const {
  const auto& pages = scanned_.pages;
  const auto found =
      std::lower_bound(pages.begin(), pages.end(), pgno,
                       [](const PageEntry& entry, uint32_t wanted) { return entry.pgno < wanted; });
  return found != pages.end() && found->pgno == pgno ? &*found : nullptr;
}

LtxResult<void> OpenedBlob::read_page(const PageEntry& entry, char* out) const {
  const PageEntry* known = find(entry.pgno);
  if (known == nullptr || *known != entry) return refuse(Rule::kEntry, entry.offset_bytes);
  const uint32_t page_size_bytes = scanned_.header.page_size_bytes;
  const auto frame = read_frame(file_, entry.offset_bytes, page_size_bytes);
  if (!frame) return LtxFailure(frame.error());
  if (frame->pgno != entry.pgno || frame->size_bytes != entry.size_bytes) {
    return refuse(Rule::kIndex, entry.offset_bytes);
  }
  return read_block(*frame, entry.offset_bytes, page_size_bytes, out);
}

std::string_view OpenedBlob::compressed_block(const PageEntry& entry) const {
  return frame(entry).substr(kFrameLeadBytes);
}

std::string_view OpenedBlob::frame(const PageEntry& entry) const {
  SQUALL_ASSERT(entry.offset_bytes + entry.size_bytes <= file_.size());
  SQUALL_ASSERT(entry.size_bytes > kFrameLeadBytes);
  return file_.substr(entry.offset_bytes, entry.size_bytes);
}

}  // namespace squall::ltx
