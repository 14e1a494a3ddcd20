#include "fuzz/ltx_samples.h"

#include "engine/assert.h"
#include "engine/ltx_encoder.h"

namespace squall::fuzz {

std::string make_page(PageKind kind, uint64_t seed, uint32_t page_size_bytes) {
  Dice dice(seed);
  std::string page(page_size_bytes, '\0');
  const size_t random_bytes = kind == PageKind::kRandom ? page.size() : page.size() / 2;
  switch (kind) {
    case PageKind::kZeros:
    case PageKind::kCount: break;
    case PageKind::kText: {
      const std::string line = "page of seed " + std::to_string(seed) + " | ";
      for (size_t i = 0; i < page.size(); ++i) page[i] = line[i % line.size()];
      break;
    }
    case PageKind::kRandom:
    case PageKind::kHalfRandom:
      for (size_t i = 0; i < random_bytes; ++i) page[i] = static_cast<char>(dice.next());
      break;
    case PageKind::kRuns:
      for (size_t i = 0; i < page.size();) {
        const char byte = static_cast<char>(dice.below(4));
        for (size_t run = dice.below(40) + 1; run > 0 && i < page.size(); --run) page[i++] = byte;
      }
      break;
  }
  return page;
}

std::string encode_sample(const Sample& sample) {
  ltx::Encoder encoder;
  const auto begun = encoder.begin(sample.header);
  SQUALL_ASSERT(begun.has_value());
  for (const SamplePage& page : sample.pages) {
    const auto added =
        encoder.add_page(page.pgno, make_page(page.kind, page.seed, sample.header.page_size_bytes));
    SQUALL_ASSERT(added.has_value());
  }
  const bool computed = sample.header.is_snapshot() && sample.header.has_checksums();
  const auto file =
      encoder.finish(computed ? encoder.database_checksum() : sample.post_apply_checksum);
  SQUALL_ASSERT(file.has_value());
  return std::string(*file);
}

SampleChain::SampleChain(uint32_t page_size_bytes, bool checksums, uint64_t first_txid)
    : page_size_bytes_(page_size_bytes), checksums_(checksums), next_txid_(first_txid) {}

uint64_t SampleChain::database_checksum() const {
  uint64_t checksum = 0;
  for (uint32_t i = 0; i < database_.size(); ++i) {
    if (i + 1 != ltx::lock_pgno(page_size_bytes_))
      checksum ^= ltx::page_checksum(i + 1, database_[i]);
  }
  return ltx::kChecksumBit | checksum;
}

void SampleChain::step(uint32_t size_pages, uint64_t rewrite, uint64_t seed) {
  SQUALL_ASSERT(size_pages > 0 || checksums_);
  ltx::Header header;
  header.flags = checksums_ ? 0 : ltx::kFlagNoChecksum;
  header.page_size_bytes = page_size_bytes_;
  header.commit_pages = size_pages;
  header.min_txid = next_txid_;
  header.max_txid = next_txid_;
  header.timestamp_ms = static_cast<int64_t>(seed % 1000);
  if (checksums_ && next_txid_ != 1) header.pre_apply_checksum = database_checksum();
  ++next_txid_;

  const auto old_pages = static_cast<uint32_t>(database_.size());
  database_.resize(size_pages, std::string(page_size_bytes_, '\0'));
  ltx::Encoder encoder;
  const auto begun = encoder.begin(header);
  SQUALL_ASSERT(begun.has_value());
  Dice dice(seed);
  for (uint32_t pgno = 1; pgno <= size_pages; ++pgno) {
    const auto kind = static_cast<PageKind>(dice.below(static_cast<uint64_t>(PageKind::kCount)));
    const uint64_t page_seed = dice.next();
    const bool written =
        pgno > old_pages || header.is_snapshot() || (rewrite >> pgno % 64 & 1) != 0;
    if (!written || pgno == ltx::lock_pgno(page_size_bytes_)) continue;
    database_[pgno - 1] = make_page(kind, page_seed, page_size_bytes_);
    const auto added = encoder.add_page(pgno, database_[pgno - 1]);
    SQUALL_ASSERT(added.has_value());
  }
  const auto file = encoder.finish(checksums_ ? database_checksum() : 0);
  SQUALL_ASSERT(file.has_value());
  files_.emplace_back(*file);
  last_header_ = header;
}

}  // namespace squall::fuzz
