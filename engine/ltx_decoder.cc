#include "engine/ltx_decoder.h"

#include <utility>

namespace squall::ltx {

LtxResult<ScannedFile> decode(std::string_view file, PageVisitor visit, TrailerForm form,
                              FrameMemory* memory) {
  return scan_file(file, form, visit, memory);
}

LtxResult<DecodedFile> decode_pages(std::string_view file, TrailerForm form) {
  std::vector<DecodedPage> pages;
  auto scanned = scan_file(file, form, [&](const PageEntry& entry, std::string_view page) {
    pages.push_back({entry.pgno, std::string(page)});
  });
  if (!scanned) return LtxFailure(scanned.error());
  return DecodedFile{std::move(*scanned), std::move(pages)};
}

}  // namespace squall::ltx
