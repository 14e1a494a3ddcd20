// The strict decoder of whole LTX files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/ltx_scan.h"

namespace squall::ltx {

// Checks every rule and hands each page to visit on the way (scan_file in ltx_scan.h): what visit
// saw is to be trusted when decode succeeds, and to be thrown away when it fails.
// With a memory, pages of frames that it knows are empty.
LtxResult<ScannedFile> decode(std::string_view file, PageVisitor visit,
                              TrailerForm form = TrailerForm::kChecksum,
                              FrameMemory* memory = nullptr);

struct DecodedPage {
  uint32_t pgno = 0;
  std::string bytes;
};
struct DecodedFile {
  ScannedFile file;
  std::vector<DecodedPage> pages;
};
// The same with a copy of every page.
LtxResult<DecodedFile> decode_pages(std::string_view file,
                                    TrailerForm form = TrailerForm::kChecksum);

}  // namespace squall::ltx
