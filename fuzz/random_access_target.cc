// 8 control bytes, then an LTX file: an opened blob gives through its index what decoding gives,
// refuses entries that are not its own, and stays memory-safe when its bytes change under it.
#include <cstring>
#include <string>

#include "engine/assert.h"
#include "engine/big_endian.h"
#include "engine/ltx_blob.h"
#include "engine/ltx_decoder.h"
#include "fuzz/dice.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

constexpr size_t kControlBytes = 8;

void check_pages(const ltx::OpenedBlob& blob, const ltx::DecodedFile& decoded) {
  SQUALL_ASSERT(blob.pages().size() == decoded.pages.size());
  std::string page(blob.header().page_size_bytes, '\0');
  for (const auto& [pgno, bytes] : decoded.pages) {
    const ltx::PageEntry* entry = blob.find(pgno);
    SQUALL_ASSERT(entry != nullptr);
    SQUALL_ASSERT(blob.read_page(*entry, page.data()).has_value());
    SQUALL_ASSERT(page == bytes);
    if (blob.find(pgno + 1) != nullptr) SQUALL_ASSERT(blob.find(pgno + 1)->pgno == pgno + 1);
  }
  SQUALL_ASSERT(blob.find(0) == nullptr);
}

void check_foreign_entries(const ltx::OpenedBlob& blob, Dice& dice) {
  std::string page(blob.header().page_size_bytes, '\0');
  for (ltx::PageEntry entry : blob.pages()) {
    switch (dice.below(3)) {
      case 0: entry.pgno += static_cast<uint32_t>(dice.below(UINT32_MAX - 1) + 1); break;
      case 1: entry.offset_bytes += dice.pick({1, 10, ~uint64_t{0}, uint64_t{1} << 63}); break;
      default: entry.size_bytes += dice.pick({1, 10, ~uint64_t{0}, uint64_t{1} << 63}); break;
    }
    SQUALL_ASSERT(!blob.read_page(entry, page.data()).has_value());
  }
}

// A flipped byte in memory: refused, or still some page.
void check_changed_memory(const ltx::OpenedBlob& blob, char* file, size_t file_bytes, Dice& dice) {
  std::string page(blob.header().page_size_bytes, '\0');
  for (const ltx::PageEntry& entry : blob.pages()) {
    char& byte = file[(entry.offset_bytes + dice.below(entry.size_bytes)) % file_bytes];
    const char before = byte;
    byte = static_cast<char>(byte ^ static_cast<char>(dice.below(255) + 1));
    const auto read = blob.read_page(entry, page.data());
    if (!read) SQUALL_ASSERT(!read.error().message().empty());
    byte = before;
  }
}

}  // namespace

void run_random_access(std::string_view input) {
  const SharedBytes bytes(input);
  const auto blob = ltx::OpenedBlob::open(bytes, kControlBytes);
  if (input.size() < kControlBytes) {
    SQUALL_ASSERT(!blob.has_value());
    return;
  }
  const auto decoded = ltx::decode_pages(input.substr(kControlBytes));
  SQUALL_ASSERT(blob.has_value() == decoded.has_value());
  if (!blob) {
    SQUALL_ASSERT(blob.error() == decoded.error());
    return;
  }
  SQUALL_ASSERT(blob->is_bytes(bytes));
  SQUALL_ASSERT(blob->header() == decoded->file.header);
  Dice dice(get_u64(input.data()));
  check_pages(*blob, *decoded);
  check_foreign_entries(*blob, dice);
  char* file = const_cast<char*>(bytes.data()) + kControlBytes;
  check_changed_memory(*blob, file, bytes.size() - kControlBytes, dice);
}

void mutate_random_access(std::string* input, uint64_t seed) {
  Dice dice(seed);
  std::string control = input->substr(0, kControlBytes);
  control.resize(kControlBytes);
  std::string file = input->size() < kControlBytes ? std::string() : input->substr(kControlBytes);
  if (dice.one_in(4)) {
    put_u64(control.data(), dice.next());
  } else {
    mutate_ltx_file(&file, dice.next());
  }
  *input = control + file;
}

}  // namespace squall::fuzz
