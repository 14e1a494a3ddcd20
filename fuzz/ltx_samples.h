// Good LTX files to start from: page contents of several kinds, single files, and chains of files
// that follow on each other. The properties draw their numbers from RapidCheck, the mutators from
// Dice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ltx_blob.h"
#include "engine/ltx_format.h"
#include "fuzz/dice.h"

namespace squall::fuzz {

enum class PageKind : uint8_t { kZeros, kText, kRandom, kHalfRandom, kRuns, kCount };

std::string make_page(PageKind kind, uint64_t seed, uint32_t page_size_bytes);

struct SamplePage {
  uint32_t pgno = 0;
  PageKind kind = PageKind::kZeros;
  uint64_t seed = 0;
};

struct Sample {
  ltx::Header header;
  std::vector<SamplePage> pages;
  uint64_t post_apply_checksum = 0;
};

// The file; the sample must be a good one.
std::string encode_sample(const Sample& sample);

// A database that grows, shrinks and changes: each file holds the pages that one step wrote, pre-
// and post-apply checksums included where they are kept.
class SampleChain {
 public:
  SampleChain(uint32_t page_size_bytes, bool checksums, uint64_t first_txid);

  // The next file leaves size_pages pages (0 only with checksums); it carries every new page and
  // those of the others for which `rewrite` has a bit, by page number modulo 64.
  void step(uint32_t size_pages, uint64_t rewrite, uint64_t seed);

  const std::vector<std::string>& files() const { return files_; }
  // The database after the last step, page by page.
  const std::vector<std::string>& database() const { return database_; }
  const ltx::Header& last_header() const { return last_header_; }

 private:
  uint64_t database_checksum() const;

  uint32_t page_size_bytes_;
  bool checksums_;
  uint64_t next_txid_;
  std::vector<std::string> database_;
  std::vector<std::string> files_;
  ltx::Header last_header_;
};

}  // namespace squall::fuzz
