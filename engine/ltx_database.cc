#include "engine/ltx_database.h"

#include <algorithm>

#include "engine/big_endian.h"
#include "engine/ltx_compactor.h"

namespace squall::ltx {
namespace {

constexpr std::string_view kSqliteMagic("SQLite format 3\0", 16);
constexpr size_t kSqliteHeaderBytes = 100;
constexpr size_t kSqlitePageSizeAt = 16;
constexpr uint32_t kEmptyFilePageBytes = 4096;

}  // namespace

LtxResult<void> Restorer::check_follows(const OpenedBlob& file) const {
  const Header& next = file.header();
  if (!started_) {
    if (!next.is_snapshot()) return refuse(Rule::kNotSnapshot, kMinTxidAt);
    return {};
  }
  if (next.page_size_bytes != header_.page_size_bytes)
    return refuse(Rule::kPageSizesDiffer, kPageSizeAt);
  if (!is_contiguous(header_.max_txid, next.min_txid, next.max_txid)) {
    return refuse(Rule::kNotContiguous, kMinTxidAt);
  }
  const bool builds_on_this = next.min_txid == header_.max_txid + 1 && next.has_checksums();
  if (builds_on_this && next.pre_apply_checksum != database_checksum()) {
    return refuse(Rule::kPreApplyWrong, kPreApplyAt);
  }
  return check_growth(header_.commit_pages, next, file.pages());
}

LtxResult<std::vector<uint64_t>> Restorer::checksum_pages(const OpenedBlob& file) const {
  PageScratch scratch(file.header().page_size_bytes);
  std::vector<uint64_t> checksums;
  for (const PageEntry& entry : file.pages()) {
    if (auto read = file.read_page(entry, scratch.page()); !read) return LtxFailure(read.error());
    checksums.push_back(page_checksum(entry.pgno, {scratch.page(), file.header().page_size_bytes}));
  }
  return checksums;
}

uint64_t Restorer::checksum_after(const OpenedBlob& file,
                                  const std::vector<uint64_t>& checksums) const {
  uint64_t checksum = checksum_;
  for (size_t i = file.header().commit_pages; i < page_checksums_.size(); ++i)
    checksum ^= page_checksums_[i];
  for (size_t i = 0; i < checksums.size(); ++i) {
    const size_t page = file.pages()[i].pgno - 1;
    if (page < page_checksums_.size()) checksum ^= page_checksums_[page];
    checksum ^= checksums[i];
  }
  return checksum & ~kChecksumBit;
}

LtxResult<void> Restorer::apply(const OpenedBlob& file) {
  if (auto checked = check_follows(file); !checked) return checked;
  const auto checksums = checksum_pages(file);
  if (!checksums) return LtxFailure(checksums.error());
  const uint64_t checksum = checksum_after(file, *checksums);
  const Header& header = file.header();
  if (header.has_checksums() && file.post_apply_checksum() != (kChecksumBit | checksum)) {
    return refuse(Rule::kPostApplyWrong, file.trailer_offset_bytes());
  }
  page_checksums_.resize(header.commit_pages);
  sink_.resize(header.commit_pages);
  PageScratch scratch(header.page_size_bytes);
  for (size_t i = 0; i < checksums->size(); ++i) {
    const PageEntry& entry = file.pages()[i];
    if (auto read = file.read_page(entry, scratch.page()); !read) return read;
    sink_.write(entry.pgno, {scratch.page(), header.page_size_bytes});
    page_checksums_[entry.pgno - 1] = (*checksums)[i];
  }
  header_ = header;
  checksum_ = checksum;
  started_ = true;
  return {};
}

LtxResult<uint32_t> database_page_size(std::string_view first_bytes, uint64_t file_bytes) {
  if (file_bytes == 0) return kEmptyFilePageBytes;
  if (first_bytes.size() < kSqliteHeaderBytes)
    return refuse(Rule::kNotDatabase, first_bytes.size());
  if (!first_bytes.starts_with(kSqliteMagic)) return refuse(Rule::kNotDatabase, 0);
  const uint16_t stored = get_u16(first_bytes.data() + kSqlitePageSizeAt);
  const uint32_t page_size_bytes = stored == 1 ? kMaxPageBytes : stored;
  if (!is_page_size(page_size_bytes)) return refuse(Rule::kNotDatabase, kSqlitePageSizeAt);
  if (file_bytes % page_size_bytes != 0 || file_bytes / page_size_bytes > UINT32_MAX) {
    return refuse(Rule::kNotDatabase, file_bytes);
  }
  return page_size_bytes;
}

LtxResult<std::string_view> encode_snapshot(std::string_view database,
                                            const SnapshotOptions& options, Encoder& encoder) {
  const auto page_size_bytes = database_page_size(database, database.size());
  if (!page_size_bytes) return LtxFailure(page_size_bytes.error());
  Header header;
  header.flags = options.flags;
  header.page_size_bytes = *page_size_bytes;
  header.commit_pages = static_cast<uint32_t>(database.size() / *page_size_bytes);
  header.min_txid = 1;
  header.max_txid = options.max_txid;
  header.timestamp_ms = options.timestamp_ms;
  if (auto begun = encoder.begin(header); !begun) return LtxFailure(begun.error());
  const uint32_t lock = lock_pgno(*page_size_bytes);
  for (uint64_t pgno = 1; pgno <= header.commit_pages; ++pgno) {
    if (pgno == lock) continue;
    const std::string_view page = database.substr((pgno - 1) * *page_size_bytes, *page_size_bytes);
    if (auto added = encoder.add_page(static_cast<uint32_t>(pgno), page); !added) {
      return LtxFailure(added.error());
    }
  }
  return encoder.finish(header.has_checksums() ? encoder.database_checksum() : 0);
}

}  // namespace squall::ltx
