#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "engine/crc64.h"
#include "engine/ltx_blob.h"
#include "engine/ltx_decoder.h"
#include "engine/ltx_encoder.h"

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

TEST(Crc64, GivesTheKnownAnswerInOneCallOrTwo) {
  EXPECT_EQ(crc64(0, "123456789"), 0xb90956c775a41001u);
  EXPECT_EQ(crc64(crc64(0, "1234"), "56789"), 0xb90956c775a41001u);
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
