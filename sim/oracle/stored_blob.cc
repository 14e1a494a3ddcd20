#include "sim/oracle/stored_blob.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "engine/chunked_value.h"
#include "engine/ltx_decoder.h"
#include "engine/ltx_scan.h"

namespace squall::sim {

namespace {
constexpr size_t kMostKnownFrames = 1 << 15;
}  // namespace

std::string page_in_file(std::string_view file, uint32_t pgno) {
  std::string found;
  const auto decoded = ltx::decode(file, [&](const ltx::PageEntry& entry, std::string_view page) {
    if (entry.pgno == pgno) found = page;
  });
  return decoded ? found : std::string();
}

std::optional<uint64_t> StoredBlobReader::Frames::recall(std::string_view frame) {
  asked_ = XXH3_64bits(frame.data(), frame.size());
  const auto found = known_.find(asked_);
  if (found == known_.end()) return std::nullopt;
  page_ = found->second.page;
  return found->second.checksum;
}

// Called right after recall of the same frame.
void StoredBlobReader::Frames::learn(std::string_view, uint64_t checksum, std::string_view page) {
  page_ = page.size() == kPageSizeBytes ? hash_page(page.data()) : kUnknownPage;
  if (known_.size() == kMostKnownFrames) known_.clear();
  known_.emplace(asked_, Known{checksum, page_});
}

std::optional<std::string> StoredBlobReader::read(const Key& key, std::vector<PendingPage>* out) {
  const StoreValue value = store_.peek(key);
  if (!value) return "it is not there";
  return read(key, *value, out);
}

std::optional<std::string> StoredBlobReader::read(const Key& key, std::string_view first_value,
                                                  std::vector<PendingPage>* out) {
  const auto file = bytes(key, first_value);
  if (!file) return file.error();
  const auto decoded = ltx::decode(
      *file,
      [&](const ltx::PageEntry& entry, std::string_view) {
        out->push_back({entry.pgno, frames_.page(), {}});
      },
      ltx::TrailerForm::kChecksum, &frames_);
  if (!decoded) return decoded.error().message();
  header_ = decoded->header;
  if (decoded->header.page_size_bytes != kPageSizeBytes) return "its page size is wrong";
  return std::nullopt;
}

std::string StoredBlobReader::page(const Key& key, uint32_t pgno) {
  const StoreValue value = store_.peek(key);
  const auto file = value ? bytes(key, *value) : tl::unexpected(std::string());
  if (!file) return {};
  return page_in_file(*file, pgno);
}

void StoredBlobReader::page_numbers(const Key& key, std::string_view first_value,
                                    std::vector<uint32_t>* out) {
  const auto file = bytes(key, first_value);
  if (!file) return;
  uint64_t offset_bytes = ltx::kHeaderBytes;
  while (true) {
    const auto frame = ltx::read_frame(*file, offset_bytes, kPageSizeBytes);
    if (!frame || frame->pgno == 0) return;
    out->push_back(frame->pgno);
    offset_bytes += frame->size_bytes;
  }
}

tl::expected<std::string_view, std::string> StoredBlobReader::bytes(const Key& key,
                                                                    std::string_view first_value) {
  const std::optional<FirstValue> first = parse_first_value(first_value);
  if (!first) return tl::unexpected(std::string("its first value can't be read"));
  if (first->pieces == 0) return first_value.substr(kMarkerBytes);
  assembled_.clear();
  for (uint32_t piece = 0; piece < first->pieces; ++piece) {
    const StoreValue value = store_.peek(piece_key(key, static_cast<uint16_t>(piece)));
    if (!value)
      return tl::unexpected(fmt::format("piece {} of {} is not there", piece, first->pieces));
    assembled_ += value->view();
  }
  if (assembled_.size() != first->total_bytes)
    return tl::unexpected(std::string("its length is wrong"));
  return std::string_view(assembled_);
}

}  // namespace squall::sim
