// A list of LTX files (u16 length, bytes): what compacts has exactly the pages that applying the
// files in order leaves, in any grouping of the files; a restored database is the same either way.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/assert.h"
#include "engine/ltx_compactor.h"
#include "engine/ltx_database.h"
#include "engine/testing/ltx_plain_reader.h"
#include "fuzz/ltx_list.h"
#include "fuzz/memory_sink.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

using Pages = std::map<uint32_t, std::string>;

std::string page_of(const ltx::OpenedBlob& blob, const ltx::PageEntry& entry) {
  std::string page(blob.header().page_size_bytes, '\0');
  SQUALL_ASSERT(blob.read_page(entry, page.data()).has_value());
  return page;
}

// The pages that the files, applied in order, leave behind of their own.
Pages apply(std::span<const ltx::OpenedBlob> files) {
  Pages pages;
  for (const ltx::OpenedBlob& file : files) {
    pages.erase(pages.upper_bound(file.header().commit_pages), pages.end());
    for (const ltx::PageEntry& entry : file.pages()) pages[entry.pgno] = page_of(file, entry);
  }
  return pages;
}

Pages pages_of(std::string_view file) {
  const auto plain = test_support::plain_read(file);
  SQUALL_ASSERT(plain.ok());
  return Pages(plain.pages.begin(), plain.pages.end());
}

std::optional<std::string> compacted(std::span<const ltx::OpenedBlob> files, uint32_t flags) {
  ltx::Encoder encoder;
  const auto file = ltx::compact(files, flags, encoder);
  if (file) return std::string(*file);
  SQUALL_ASSERT(!file.error().message().empty());
  SQUALL_ASSERT(file.error().input <= files.size());
  return std::nullopt;
}

ltx::OpenedBlob opened(const std::string& file) {
  auto blob = ltx::OpenedBlob::open(SharedBytes(file));
  SQUALL_ASSERT(blob.has_value());
  return std::move(*blob);
}

void check_grouping(const std::vector<ltx::OpenedBlob>& files, uint32_t flags,
                    const std::string& whole) {
  const std::span<const ltx::OpenedBlob> all(files);
  bool unchecked = true;  // by checksums, which made-up files may fail in the middle
  for (const auto& file : files) unchecked &= !file.header().has_checksums();
  for (size_t cut = 1; cut < files.size(); ++cut) {
    const auto front = compacted(all.first(cut), flags);
    const auto back = compacted(all.subspan(cut), flags);
    if (unchecked) SQUALL_ASSERT(front.has_value() && back.has_value());
    if (!front || !back) continue;
    const ltx::OpenedBlob halves[] = {opened(*front), opened(*back)};
    SQUALL_ASSERT(compacted(halves, flags) == whole);
  }
}

std::optional<std::string> restored(std::span<const ltx::OpenedBlob> files) {
  MemorySink sink(files.empty() ? 512 : files.front().header().page_size_bytes);
  ltx::Restorer restorer(sink);
  for (const ltx::OpenedBlob& file : files) {
    const std::string before = sink.bytes();
    const auto applied = restorer.apply(file);
    if (applied) continue;
    SQUALL_ASSERT(sink.bytes() == before);
    return std::nullopt;
  }
  return sink.bytes();
}

}  // namespace

void run_compact(std::string_view input) {
  std::vector<ltx::OpenedBlob> files;
  for (const std::string& file : split_list(input)) {
    auto blob = ltx::OpenedBlob::open(SharedBytes(file));
    if (!blob) return;
    files.push_back(std::move(*blob));
  }
  const auto database = restored(files);
  const uint32_t flags = files.empty() ? 0 : files.front().header().flags;
  const auto whole = compacted(files, flags);
  if (!whole) return;
  SQUALL_ASSERT(pages_of(*whole) == apply(files));
  check_grouping(files, flags, *whole);
  if (!database) return;
  const ltx::OpenedBlob one[] = {opened(*whole)};
  SQUALL_ASSERT(restored(one) == database);
  ltx::Encoder encoder;
  const ltx::SnapshotOptions options{flags, files.back().header().max_txid, 5};
  const auto snapshot = ltx::encode_snapshot(*database, options, encoder);
  if (snapshot) SQUALL_ASSERT(restored(std::vector{opened(std::string(*snapshot))}) == database);
}

}  // namespace squall::fuzz
