#include "sim/oracle/pending_writes.h"

#include <cstring>

namespace squall::sim {
namespace {

constexpr auto kBefore = [](const PendingPage& page, uint32_t pgno) { return page.pgno < pgno; };

}  // namespace

void PendingWrites::reset(const PageImage& base) {
  pages_.clear();
  size_pages_ = low_water_pages_ = base.size_pages();
  fresh_page_ = false;
  refused_ = false;
  header_ = base.header;
}

void PendingWrites::assume_fresh_page() {
  fresh_page_ = true;
  size_pages_ = 1;
}

PendingPage& PendingWrites::slot(uint32_t pgno) {
  refused_ = false;
  size_pages_ = std::max(size_pages_, pgno);
  if (pages_.empty() || pages_.back().pgno < pgno)
    return pages_.emplace_back(PendingPage{pgno, kUnknownPage, {}});
  auto place = std::lower_bound(pages_.begin(), pages_.end(), pgno, kBefore);
  if (place->pgno != pgno) place = pages_.insert(place, PendingPage{pgno, kUnknownPage, {}});
  return *place;
}

void PendingWrites::write(uint32_t pgno, const void* page, PageRef kept) {
  PendingPage& written = slot(pgno);
  written.hash = hash_page(page);
  written.page = std::move(kept);
  if (pgno == 1) std::memcpy(header_.data(), page, header_.size());
}

void PendingWrites::write_unknown(uint32_t pgno) {
  PendingPage& written = slot(pgno);
  written.hash = kUnknownPage;
  written.page.reset();
}

void PendingWrites::truncate(uint32_t size_pages) {
  while (!pages_.empty() && pages_.back().pgno > size_pages) pages_.pop_back();
  size_pages_ = size_pages;
  low_water_pages_ = std::min(low_water_pages_, size_pages);
  if (size_pages > 0) return;
  header_.fill(0);
  fresh_page_ = false;
}

PageHash PendingWrites::expected(const PageImage& base, uint32_t pgno) const {
  if (!pages_.empty()) {
    if (const PendingPage* page = find(pgno)) return page->hash;
  }
  if (pgno == 1 && fresh_page_) return kUnknownPage;
  if (pgno > low_water_pages_) return zero_page_hash();
  return base.page(pgno);
}

const PendingPage* PendingWrites::find(uint32_t pgno) const {
  const auto place = std::lower_bound(pages_.begin(), pages_.end(), pgno, kBefore);
  return place != pages_.end() && place->pgno == pgno ? &*place : nullptr;
}

}  // namespace squall::sim
