#include "engine/ltx_compactor.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace squall::ltx {
namespace {

using Failure = tl::unexpected<CompactError>;

Failure refuse_input(size_t input, LtxError error) { return Failure(CompactError{input, error}); }

struct Candidate {
  uint32_t pgno;
  uint32_t input;
  const PageEntry* entry;
};

tl::expected<void, CompactError> check_order(std::span<const OpenedBlob> inputs) {
  if (inputs.empty()) return refuse_input(0, {Rule::kNoInput, 0});
  for (size_t i = 1; i < inputs.size(); ++i) {
    const Header& previous = inputs[i - 1].header();
    const Header& next = inputs[i].header();
    if (next.page_size_bytes != previous.page_size_bytes) {
      return refuse_input(i, {Rule::kPageSizesDiffer, kPageSizeAt});
    }
    if (!is_contiguous(previous.max_txid, next.min_txid, next.max_txid)) {
      return refuse_input(i, {Rule::kNotContiguous, kMinTxidAt});
    }
    if (auto checked = check_growth(previous.commit_pages, next, inputs[i].pages()); !checked) {
      return refuse_input(i, checked.error());
    }
  }
  return {};
}

// The newest version of each page up to commit_pages, by page number.
std::vector<Candidate> newest_pages(std::span<const OpenedBlob> inputs, uint32_t commit_pages) {
  std::vector<Candidate> pages;
  for (size_t i = 0; i < inputs.size(); ++i) {
    for (const PageEntry& entry : inputs[i].pages()) {
      if (entry.pgno <= commit_pages)
        pages.push_back({entry.pgno, static_cast<uint32_t>(i), &entry});
    }
  }
  std::sort(pages.begin(), pages.end(), [](const Candidate& a, const Candidate& b) {
    return a.pgno != b.pgno ? a.pgno < b.pgno : a.input > b.input;
  });
  const auto same_page = [](const Candidate& a, const Candidate& b) { return a.pgno == b.pgno; };
  pages.erase(std::unique(pages.begin(), pages.end(), same_page), pages.end());
  return pages;
}

Header result_header(const Header& first, const Header& last, uint32_t flags) {
  Header header;
  header.flags = flags;
  header.page_size_bytes = last.page_size_bytes;
  header.commit_pages = last.commit_pages;
  header.min_txid = first.min_txid;
  header.max_txid = last.max_txid;
  header.timestamp_ms = last.timestamp_ms;
  header.pre_apply_checksum = first.pre_apply_checksum;
  return header;
}

}  // namespace

std::string CompactError::message() const {
  return fmt::format("input {}: {}", input, error.message());
}

bool is_contiguous(uint64_t previous_max_txid, uint64_t min_txid, uint64_t max_txid) {
  return max_txid > previous_max_txid && min_txid <= previous_max_txid + 1;
}

LtxResult<void> check_growth(uint32_t previous_pages, const Header& next,
                             std::span<const PageEntry> pages) {
  if (next.commit_pages <= previous_pages) return {};
  const uint32_t lock = lock_pgno(next.page_size_bytes);
  const bool grows_over_lock = previous_pages < lock && lock <= next.commit_pages;
  const uint64_t needed = uint64_t{next.commit_pages} - previous_pages - (grows_over_lock ? 1 : 0);
  const auto first_new =
      std::upper_bound(pages.begin(), pages.end(), previous_pages,
                       [](uint32_t size, const PageEntry& entry) { return size < entry.pgno; });
  // Page numbers rise and none lies past the commit, so their count says whether all are there.
  if (static_cast<uint64_t>(pages.end() - first_new) != needed)
    return refuse(Rule::kGrowthIncomplete, kCommitAt);
  return {};
}

tl::expected<std::string_view, CompactError> compact(std::span<const OpenedBlob> inputs,
                                                     uint32_t flags, Encoder& encoder,
                                                     size_t reserved_prefix_bytes) {
  if (auto checked = check_order(inputs); !checked) return Failure(checked.error());
  const OpenedBlob& last = inputs.back();
  const auto refuse_result = [&](LtxError error) { return refuse_input(inputs.size(), error); };
  const Header header = result_header(inputs.front().header(), last.header(), flags);
  if (auto begun = encoder.begin(header, reserved_prefix_bytes); !begun)
    return refuse_result(begun.error());
  PageScratch scratch(header.page_size_bytes);
  const std::string_view page(scratch.page(), header.page_size_bytes);
  const bool needs_pages = header.is_snapshot() && header.has_checksums();
  for (const Candidate& candidate : newest_pages(inputs, header.commit_pages)) {
    const OpenedBlob& input = inputs[candidate.input];
    const PageEntry& entry = *candidate.entry;
    if (needs_pages) {
      if (auto read = input.read_page(entry, scratch.page()); !read) {
        return refuse_input(candidate.input, read.error());
      }
    }
    auto added = needs_pages
                     ? encoder.add_compressed_page(entry.pgno, input.compressed_block(entry), page)
                     : encoder.add_frame(input, entry);
    if (!added) return refuse_result(added.error());
  }
  const auto finished = encoder.finish(last.post_apply_checksum());
  if (!finished) return refuse_result(finished.error());
  return *finished;
}

}  // namespace squall::ltx
