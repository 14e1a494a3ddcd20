// Each rule of the format, broken in one place: the decoder says which rule, at which byte.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "engine/big_endian.h"
#include "engine/ltx_blob.h"
#include "engine/ltx_encoder.h"

namespace squall::ltx {
namespace {

constexpr uint32_t kPageBytes = 512;
constexpr size_t kFirstFrame = kHeaderBytes;

// Pages 2 and 3 of a database of 9 pages.
std::string make_delta(uint32_t flags = kFlagNoChecksum) {
  Header header{.flags = flags,
                .page_size_bytes = kPageBytes,
                .commit_pages = 9,
                .min_txid = 2,
                .max_txid = 4};
  if (header.has_checksums()) header.pre_apply_checksum = kChecksumBit | 1;
  Encoder encoder;
  EXPECT_TRUE(encoder.begin(header));
  EXPECT_TRUE(encoder.add_page(2, std::string(kPageBytes, 'a')));
  EXPECT_TRUE(encoder.add_page(3, std::string(kPageBytes, 'b')));
  return std::string(*encoder.finish(header.has_checksums() ? kChecksumBit | 2 : 0));
}

size_t second_frame() {
  return OpenedBlob::open(SharedBytes(make_delta()))->pages()[1].offset_bytes;
}
size_t index_start() { return OpenedBlob::open(SharedBytes(make_delta()))->index_offset_bytes(); }

struct Case {
  const char* what;
  std::function<void(std::string*)> change;
  Rule rule;
  uint64_t offset_bytes;
};

void expect_refused(const std::string& file, Rule rule, uint64_t offset_bytes) {
  const auto opened = OpenedBlob::open(SharedBytes(file));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(to_string(opened.error().rule), to_string(rule));
  EXPECT_EQ(opened.error().offset_bytes, offset_bytes);
}

void expect_all(const std::vector<Case>& cases, const std::string& file) {
  for (const Case& broken : cases) {
    SCOPED_TRACE(broken.what);
    std::string changed = file;
    broken.change(&changed);
    expect_refused(changed, broken.rule, broken.offset_bytes);
  }
}

auto set_u32(size_t at, uint32_t value) {
  return [=](std::string* file) { put_u32(file->data() + at, value); };
}
auto set_u64(size_t at, uint64_t value) {
  return [=](std::string* file) { put_u64(file->data() + at, value); };
}

TEST(LtxRules, OfTheHeader) {
  expect_all(
      {
          {"another magic", set_u32(0, 0x4c545832), Rule::kMagic, 0},
          {"an unknown flag", set_u32(4, 4), Rule::kFlags, 4},
          {"page size 1000", set_u32(8, 1000), Rule::kPageSize, 8},
          {"page size 128 KiB", set_u32(8, 131072), Rule::kPageSize, 8},
          {"min txid 0", set_u64(16, 0), Rule::kTxidZero, 16},
          {"max txid 0", set_u64(24, 0), Rule::kTxidZero, 24},
          {"min above max", set_u64(16, 5), Rule::kTxidOrder, 16},
          {"pre-apply under NoChecksum", set_u64(40, kChecksumBit), Rule::kPreApplyForbidden, 40},
          {"negative WAL offset", set_u64(48, kChecksumBit), Rule::kWalNegative, 48},
          {"negative WAL size", set_u64(56, kChecksumBit), Rule::kWalNegative, 56},
          {"WAL size without offset", set_u64(56, 1), Rule::kWalOffsetMissing, 56},
          {"salt 1 without offset", set_u32(64, 1), Rule::kWalOffsetMissing, 64},
          {"salt 2 without offset", set_u32(68, 1), Rule::kWalOffsetMissing, 68},
      },
      make_delta());
  expect_all({{"no pre-apply", set_u64(40, 0), Rule::kPreApplyMissing, 40},
              {"pre-apply without bit 63", set_u64(40, 1), Rule::kPreApplyMissing, 40}},
             make_delta(0));
}

TEST(LtxRules, OfPageFrames) {
  const size_t second = second_frame();
  expect_all(
      {
          {"page 0 with flags", set_u32(kFirstFrame, 0), Rule::kPageNumberZero, kFirstFrame},
          {"a page twice", set_u32(second, 2), Rule::kPageOrder, second},
          {"page past commit", set_u32(second, 10), Rule::kPagePastCommit, second},
          {"unknown page flags", [=](std::string* file) { (*file)[second + 5] = 2; },
           Rule::kPageFlags, second + 4},
          {"page flags 0 without LZ4 frame", [=](std::string* file) { (*file)[second + 5] = 0; },
           Rule::kPageFlags, second + 4},
          {"a compressed size above the worst case", set_u32(second + 6, 0xffffffff),
           Rule::kBlockTooLarge, second + 6},
          {"a compressed size past the end", set_u32(second + 6, 500), Rule::kTruncated,
           second + 6},
          {"no compressed bytes", set_u32(second + 6, 0), Rule::kBlockEmpty, second + 6},
          {"the lock page",
           [=](std::string* file) {
             put_u32(file->data() + 12, lock_pgno(kPageBytes));
             put_u32(file->data() + second, lock_pgno(kPageBytes));
           },
           Rule::kLockPage, second},
          {"a snapshot without page 1", set_u64(16, 1), Rule::kSnapshotGap, kFirstFrame},
      },
      make_delta());
}

TEST(LtxRules, OfFramesAsOldVersionsWroteThem) {
  std::string file = make_delta();
  file[kFirstFrame + 5] = 0;
  file.replace(kFirstFrame + 6, 4, "\x04\x22\x4d\x18");
  expect_refused(file, Rule::kLz4Frame, kFirstFrame + 4);
}

TEST(LtxRules, OfTheIndexAndTheEnd) {
  const size_t index = index_start();
  const std::string file = make_delta();
  const size_t trailer = file.size() - kTrailerBytes;
  expect_all(
      {
          {"a page number of the index", [=](std::string* changed) { (*changed)[index] ^= 1; },
           Rule::kIndex, index},
          {"the index's length", set_u64(trailer - 8, 3), Rule::kIndexSize, trailer - 8},
          {"post-apply under NoChecksum", set_u64(trailer, kChecksumBit), Rule::kPostApplyForbidden,
           trailer},
          {"another file checksum", set_u64(trailer + 8, kChecksumBit), Rule::kFileChecksum,
           trailer + 8},
          {"a zero trailer", set_u64(trailer + 8, 0), Rule::kFileChecksumAbsent, trailer + 8},
          {"a byte too many", [](std::string* changed) { *changed += '\0'; }, Rule::kTrailingBytes,
           file.size()},
          {"a byte too few", [](std::string* changed) { changed->pop_back(); }, Rule::kTruncated,
           trailer},
      },
      file);
  expect_all({{"no post-apply", set_u64(trailer, 0), Rule::kPostApplyMissing, trailer}},
             make_delta(0));
}

TEST(LtxRules, APageEntryOfAnotherFileIsRefused) {
  const auto blob = OpenedBlob::open(SharedBytes(make_delta()));
  ASSERT_TRUE(blob);
  std::string page(kPageBytes, '\0');
  PageEntry entry = *blob->find(2);
  entry.offset_bytes += 1;
  EXPECT_EQ(blob->read_page(entry, page.data()).error().rule, Rule::kEntry);
  EXPECT_EQ(blob->read_page({7, 100, 20}, page.data()).error().rule, Rule::kEntry);
}

TEST(LtxRules, AMessageSaysRuleByteAndReason) {
  EXPECT_EQ((LtxError{Rule::kPagePastCommit, 104}).message(),
            "page-past-commit at byte 104: a page lies past the commit size");
}

TEST(LtxRules, ASnapshotsPostApplyChecksumIsItsPages) {
  Encoder encoder;
  ASSERT_TRUE(encoder.begin(
      {.page_size_bytes = kPageBytes, .commit_pages = 1, .min_txid = 1, .max_txid = 1}));
  ASSERT_TRUE(encoder.add_page(1, std::string(kPageBytes, 'a')));
  const auto wrong = encoder.finish(kChecksumBit | 1);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().rule, Rule::kPostApplyWrong);
  EXPECT_TRUE(encoder.finish(encoder.database_checksum()));
}

TEST(LtxRules, ALiteralOnlyBlockIsAllThatARandomPageTakes) {
  std::string page(4096, '\0');
  uint64_t state = 1;
  for (char& byte : page)
    byte = static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
  std::string block(max_lz4_block_bytes(page.size()), '\0');
  EXPECT_EQ(Lz4Compressor().compress(page, block.data()), page.size() + 18);
}

}  // namespace
}  // namespace squall::ltx
