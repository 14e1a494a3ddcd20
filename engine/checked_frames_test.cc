#include "engine/checked_frames.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/ltx_encoder.h"

namespace squall {
namespace {

using Checksum = std::optional<uint64_t>;

class CheckedFramesTest : public testing::Test {
 protected:
  void check(const std::string& frame, uint64_t checksum) {
    if (!frames.recall(frame)) frames.learn(frame, checksum, "");
  }
  CheckedFrames frames;
};

TEST_F(CheckedFramesTest, AFrameIsKnownByItsBytes) {
  EXPECT_EQ(frames.recall("a frame"), Checksum());
  check("a frame", 7);
  EXPECT_EQ(frames.recall(std::string("a frame")), Checksum(7));
  EXPECT_EQ(frames.recall("a framE"), Checksum());
  EXPECT_EQ(frames.recall("a fram"), Checksum());
}

TEST_F(CheckedFramesTest, NewerFramesTakeThePlaceOfOlderOnes) {
  const uint64_t count = 4 * CheckedFrames::kMostFrames;
  for (uint64_t i = 0; i < count; ++i) check(std::to_string(i), i);
  size_t known = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const auto checksum = frames.recall(std::to_string(i));
    if (!checksum) continue;
    ++known;
    EXPECT_EQ(*checksum, i);
  }
  EXPECT_LE(known, CheckedFrames::kMostFrames);
  EXPECT_GT(known, CheckedFrames::kMostFrames / 2);
}

// Wherever a bit flips in a file that was sound. (A few flips give the same pages, and are none.)
TEST_F(CheckedFramesTest, DamageIsFoundAsItIsWithoutThem) {
  ltx::Encoder encoder;
  ltx::Header header;
  header.page_size_bytes = 4096;
  header.flags = ltx::kFlagNoChecksum;
  header.commit_pages = 3;
  header.min_txid = header.max_txid = 2;
  ASSERT_TRUE(encoder.begin(header));
  for (const uint32_t pgno : {2u, 3u})
    ASSERT_TRUE(encoder.add_page(pgno, std::string(4096, static_cast<char>('a' + pgno))));
  const std::string file(*encoder.finish());
  const auto scan = [](const std::string& bytes, ltx::FrameMemory* memory) {
    return ltx::scan_file(
               bytes, ltx::TrailerForm::kChecksum, [](const ltx::PageEntry&, std::string_view) {},
               memory)
        .has_value();
  };
  ASSERT_TRUE(scan(file, &frames));
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::string damaged = file;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const bool sound = scan(damaged, nullptr);
    ASSERT_EQ(scan(damaged, &frames), sound) << "bit " << bit;
    ASSERT_EQ(scan(damaged, &frames), sound) << "bit " << bit << ", met again";
  }
  EXPECT_TRUE(scan(file, &frames));
}

}  // namespace
}  // namespace squall
