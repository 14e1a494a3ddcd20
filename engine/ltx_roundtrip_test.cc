#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>

#include "engine/ltx_blob.h"
#include "engine/ltx_decoder.h"
#include "engine/ltx_encoder.h"
#include "engine/lz4_block.h"

namespace squall::ltx {
namespace {

Header delta_header() {
  Header header;
  header.flags = kFlagNoChecksum;
  header.commit_pages = 10;
  header.min_txid = 7;
  header.max_txid = 7;
  header.timestamp_ms = 1234;
  return header;
}

TEST(Lz4Compressor, PacksToTheSamePageAtAnyAcceleration) {
  std::string page;
  for (int i = 0; page.size() < 4096; ++i) page += std::to_string(i * i) + ",\"name\":";
  page.resize(4096);
  size_t smaller = 0;
  for (const int acceleration : {1, 8, 64}) {
    std::string block(max_lz4_block_bytes(page.size()), 0);
    block.resize(Lz4Compressor(acceleration).compress(page, block.data()));
    EXPECT_GT(block.size(), smaller);  // what is saved in time costs bytes
    smaller = block.size();
    std::string unpacked(page.size(), 0);
    ASSERT_EQ(decompress_lz4_page(block, page.size(), unpacked.data()), Lz4Verdict::kOk);
    EXPECT_EQ(unpacked, page);
  }
}

// What decoded once is remembered by its bytes.
class FirstFrames : public FrameMemory {
 public:
  std::optional<uint64_t> recall(std::string_view frame) override {
    const auto found = known.find(std::string(frame));
    return found == known.end() ? std::nullopt : std::optional(found->second);
  }
  void learn(std::string_view frame, uint64_t checksum, std::string_view) override {
    known.emplace(frame, checksum);
  }
  std::map<std::string, uint64_t> known;
};

std::string file_of(Encoder& encoder, char second_page) {
  EXPECT_TRUE(encoder.begin(delta_header()));
  EXPECT_TRUE(encoder.add_page(2, std::string(4096, 'x')));
  EXPECT_TRUE(encoder.add_page(9, std::string(4096, second_page)));
  const auto file = encoder.finish();
  EXPECT_TRUE(file);
  return std::string(*file);
}

TEST(Ltx, AFrameThatIsRememberedIsNotDecodedAgainAndTheFileIsCheckedAllTheSame) {
  Encoder encoder;
  FirstFrames memory;
  const auto count_pages = [&](std::string_view file) -> LtxResult<int> {
    int pages = 0;
    const auto scanned = decode(
        file, [&](const PageEntry&, std::string_view page) { pages += page.empty() ? 0 : 1; },
        TrailerForm::kChecksum, &memory);
    if (!scanned) return LtxFailure(scanned.error());
    return pages;
  };
  const std::string first = file_of(encoder, 'y');
  EXPECT_EQ(*count_pages(first), 2);
  EXPECT_EQ(*count_pages(first), 0);
  EXPECT_EQ(*count_pages(file_of(encoder, 'z')), 1);
  std::string damaged = first;
  damaged[damaged.size() - 1] ^= 1;
  ASSERT_FALSE(count_pages(damaged));
  EXPECT_EQ(count_pages(damaged).error().rule, Rule::kFileChecksum);
}

TEST(Ltx, AFileOfCopiedFramesIsTheOneThatEncodingGives) {
  Encoder encoder;
  const std::string file = file_of(encoder, 'y');
  const auto blob = OpenedBlob::open(SharedBytes(file));
  ASSERT_TRUE(blob);
  ASSERT_TRUE(encoder.begin(delta_header()));
  for (const PageEntry& entry : blob->pages()) ASSERT_TRUE(encoder.add_frame(*blob, entry));
  const auto copied = encoder.finish();
  ASSERT_TRUE(copied);
  EXPECT_EQ(*copied, file);
  EXPECT_EQ(encoder.scanned().pages, PageEntries(blob->pages().begin(), blob->pages().end()));
}

TEST(Ltx, OpensWhatItEncodes) {
  Encoder encoder;
  std::string text(4096, 'x');
  std::string zeros(4096, '\0');
  ASSERT_TRUE(encoder.begin(delta_header(), 5));
  ASSERT_TRUE(encoder.add_page(2, text));
  ASSERT_TRUE(encoder.add_page(9, zeros));
  const auto file = encoder.finish();
  ASSERT_TRUE(file);
  auto blob = OpenedBlob::open(SharedBytes(*file), 5);
  ASSERT_TRUE(blob) << blob.error().message();
  EXPECT_EQ(blob->header(), delta_header());
  EXPECT_EQ(blob->file_checksum(), encoder.file_checksum());
  ASSERT_EQ(blob->pages().size(), 2u);
  std::string page(4096, '?');
  ASSERT_NE(blob->find(2), nullptr);
  ASSERT_TRUE(blob->read_page(*blob->find(2), page.data()));
  EXPECT_EQ(page, text);
  EXPECT_EQ(blob->find(3), nullptr);
  const auto decoded = decode_pages(file->substr(5));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->pages[1].bytes, zeros);
}

}  // namespace
}  // namespace squall::ltx
