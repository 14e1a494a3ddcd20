// What `squall ltx verify` and `dump` print of a file, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "engine/ltx_scan.h"

namespace squall::commands {

struct LtxFileFacts {
  ltx::ScannedFile scanned;
  std::vector<uint64_t> page_checksums;  // one a page, in order
};

// One line, without its end. error: of a file that is refused or can't be read.
std::string verified_text(const std::string& file, const LtxFileFacts& facts);
std::string refused_text(const std::string& file, const std::string& error);
std::string verified_json(const std::string& file, const LtxFileFacts& facts);
std::string refused_json(const std::string& file, const std::string& error);

// Everything in the file but its pages' bytes: many lines of text, or one of JSON.
std::string dump_text(const std::string& file, const LtxFileFacts& facts);
std::string dump_json(const std::string& file, const LtxFileFacts& facts);

}  // namespace squall::commands
