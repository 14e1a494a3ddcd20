// Any sequence of calls to the encoder and the snapshot maker: what they finish is a good file of
// those pages; what they refuse changes nothing.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/assert.h"
#include "engine/ltx_database.h"
#include "engine/ltx_encoder.h"
#include "engine/testing/ltx_plain_reader.h"
#include "fuzz/ltx_samples.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto result = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return result;
  }
  template <typename T>
  T pick(std::initializer_list<T> values) {
    return values.begin()[byte() % values.size()];
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

constexpr uint64_t kMost = ~uint64_t{0};

ltx::Header make_header(Bytes& in) {
  ltx::Header header;
  header.flags = in.pick<uint32_t>({2, 0, 2, 0, 1, 4, 6});
  header.page_size_bytes = in.pick<uint32_t>({512, 512, 1024, 65536, 0, 511, 131072});
  header.commit_pages = in.pick<uint32_t>({4, 0, 1, 20, 0x200003, UINT32_MAX});
  header.min_txid = in.pick<uint64_t>({2, 1, 1, 0, 9, kMost});
  header.max_txid = in.pick<uint64_t>({9, 2, 1, 0, kMost});
  header.timestamp_ms = in.byte() - 128;
  header.pre_apply_checksum = in.pick<uint64_t>({0, ltx::kChecksumBit | 3, 1, kMost});
  header.wal_offset = in.pick<int64_t>({0, 32, -1});
  header.wal_size = in.pick<int64_t>({0, 0, 24, -1});
  header.wal_salt1 = in.pick<uint32_t>({0, 0, 5});
  header.wal_salt2 = in.pick<uint32_t>({0, 0, 6});
  header.node_id = in.byte();
  return header;
}

using PageList = std::vector<std::pair<uint32_t, std::string>>;

bool add_page(ltx::Encoder& encoder, Bytes& in, uint32_t page_size_bytes, PageList* pages) {
  const uint8_t step = in.byte();
  const uint32_t last = pages->empty() ? 0 : pages->back().first;
  const uint32_t pgno =
      step < 240 ? last + step % 4 : in.pick<uint32_t>({0x200000, 0x200001, 0x200002, UINT32_MAX});
  const auto kind = static_cast<PageKind>(in.byte() % static_cast<uint8_t>(PageKind::kCount));
  const uint8_t form = in.byte();
  std::string page = make_page(kind, form, page_size_bytes);
  if (form == 255) page.pop_back();
  ltx::LtxResult<void> added;
  if (form % 4 == 0) {
    const std::string block =
        form == 252 ? std::string() : std::string(form == 248 ? 2 * page.size() : 7, 'x');
    added = encoder.add_compressed_page(pgno, block, page);
    SQUALL_ASSERT(form == 252 || form == 248 ? !added.has_value() : true);
    return false;  // a block that is not the page's: only the refusals are of interest
  }
  added = encoder.add_page(pgno, page);
  if (!added) {
    SQUALL_ASSERT(!added.error().message().empty());
    return true;
  }
  pages->emplace_back(pgno, std::move(page));
  return true;
}

void run_encoder(Bytes& in) {
  ltx::Encoder encoder;
  const ltx::Header header = make_header(in);
  const size_t prefix_bytes = in.byte() % 4;
  const auto begun = encoder.begin(header, prefix_bytes);
  if (!begun) {
    SQUALL_ASSERT(!begun.error().message().empty());
    return;
  }
  PageList pages;
  for (size_t left = std::min<size_t>(in.byte() % 16, header.page_size_bytes > 1024 ? 2 : 16);
       left > 0; --left) {
    if (!add_page(encoder, in, header.page_size_bytes, &pages)) return;
  }
  uint64_t post_apply = in.pick<uint64_t>({0, ltx::kChecksumBit, ltx::kChecksumBit | 3, 5});
  if (header.is_snapshot() && in.byte() % 2 == 0) post_apply = encoder.database_checksum();
  const auto file = encoder.finish(post_apply);
  if (!file) {
    SQUALL_ASSERT(!file.error().message().empty());
    return;
  }
  const auto plain = test_support::plain_read(file->substr(prefix_bytes));
  SQUALL_ASSERT(plain.ok());
  SQUALL_ASSERT(plain.pages == pages);
  SQUALL_ASSERT(plain.file_checksum == encoder.file_checksum());
}

void run_snapshot(Bytes& in) {
  const uint32_t page_size_bytes = in.pick<uint32_t>({512, 1024, 65536, 256, 0, 513});
  const uint8_t pages = in.byte() % 4;
  const uint32_t flags = in.pick<uint32_t>({0, 2, 1});
  std::string database(in.rest().substr(0, pages * size_t{page_size_bytes}));
  if (in.byte() % 8 != 0) database.resize(pages * size_t{page_size_bytes});
  if (database.size() >= 18 && in.byte() % 8 != 0) {
    database.replace(0, 16, std::string_view("SQLite format 3\0", 16));
    database[16] = static_cast<char>(page_size_bytes >> 8);
    database[17] = static_cast<char>(page_size_bytes == 65536 ? 1 : page_size_bytes);
  }
  ltx::Encoder encoder;
  const auto file =
      ltx::encode_snapshot(database, {flags, in.pick<uint64_t>({1, 5, 0}), 9}, encoder);
  if (!file) {
    SQUALL_ASSERT(!file.error().message().empty());
    return;
  }
  std::string restored;
  const auto plain = test_support::plain_read(*file);
  SQUALL_ASSERT(plain.ok());
  for (const auto& page : plain.pages) restored += page.second;
  SQUALL_ASSERT(restored == database);
}

}  // namespace

void run_encode(std::string_view input) {
  Bytes in(input);
  if (in.byte() % 4 == 3) return run_snapshot(in);
  run_encoder(in);
}

}  // namespace squall::fuzz
