#include "engine/ltx_compactor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/ltx_decoder.h"

namespace squall::ltx {
namespace {

OpenedBlob make_file(uint64_t txid, uint32_t commit_pages, const std::vector<uint32_t>& pgnos,
                     char letter, uint32_t page_size_bytes = 512) {
  Encoder encoder;
  Header header{
      .flags = kFlagNoChecksum, .page_size_bytes = page_size_bytes, .commit_pages = commit_pages};
  header.min_txid = header.max_txid = txid;
  header.timestamp_ms = static_cast<int64_t>(1000 + txid);
  header.wal_offset = 32;
  header.node_id = 9;
  EXPECT_TRUE(encoder.begin(header));
  for (const uint32_t pgno : pgnos)
    EXPECT_TRUE(encoder.add_page(pgno, std::string(page_size_bytes, letter)));
  return *OpenedBlob::open(SharedBytes(*encoder.finish()));
}

LtxResult<void> outcome(const std::vector<OpenedBlob>& inputs, size_t* input) {
  Encoder encoder;
  const auto compacted = compact(inputs, kFlagNoChecksum, encoder);
  if (compacted) return {};
  *input = compacted.error().input;
  return LtxFailure(compacted.error().error);
}

TEST(LtxCompactor, NewestPageWinsAndTheHeaderSpansTheInputs) {
  Encoder encoder;
  const std::vector<OpenedBlob> inputs{make_file(2, 5, {1, 2}, 'a'), make_file(3, 5, {2, 4}, 'b')};
  const auto compacted = compact(inputs, kFlagNoChecksum, encoder, 3);
  ASSERT_TRUE(compacted) << compacted.error().message();
  const auto decoded = decode_pages(compacted->substr(3));
  ASSERT_TRUE(decoded) << decoded.error().message();
  EXPECT_EQ(decoded->file.header, (Header{.flags = kFlagNoChecksum,
                                          .page_size_bytes = 512,
                                          .commit_pages = 5,
                                          .min_txid = 2,
                                          .max_txid = 3,
                                          .timestamp_ms = 1003}));
  std::string letters;
  for (const auto& page : decoded->pages) letters += std::to_string(page.pgno) + page.bytes.front();
  EXPECT_EQ(letters, "1a2b4b");
}

TEST(LtxCompactor, PagesPastTheLastCommitAreDropped) {
  Encoder encoder;
  const std::vector<OpenedBlob> inputs{make_file(2, 9, {1, 9}, 'a'), make_file(3, 4, {2}, 'b')};
  const auto compacted = compact(inputs, kFlagNoChecksum, encoder);
  ASSERT_TRUE(compacted);
  EXPECT_EQ(decode_pages(*compacted)->pages.size(), 2u);
}

TEST(LtxCompactor, RefusesNothingOtherPageSizesGapsAndIncompleteGrowth) {
  size_t input = 99;
  EXPECT_EQ(outcome({}, &input).error().rule, Rule::kNoInput);
  EXPECT_EQ(outcome({make_file(2, 5, {1}, 'a'), make_file(3, 5, {1}, 'b', 1024)}, &input).error(),
            (LtxError{Rule::kPageSizesDiffer, 8}));
  EXPECT_EQ(outcome({make_file(2, 5, {1}, 'a'), make_file(4, 5, {1}, 'b')}, &input).error(),
            (LtxError{Rule::kNotContiguous, 16}));
  EXPECT_EQ(outcome({make_file(2, 5, {1}, 'a'), make_file(3, 7, {1, 7}, 'b')}, &input).error(),
            (LtxError{Rule::kGrowthIncomplete, 12}));
  EXPECT_EQ(input, 1u);
  EXPECT_TRUE(outcome({make_file(2, 5, {1}, 'a'), make_file(3, 7, {6, 7}, 'b')}, &input));
}

TEST(LtxCompactor, GrowthOverTheLockPageDoesntNeedIt) {
  const uint32_t lock = lock_pgno(65536);
  const Header grown{.page_size_bytes = 65536, .commit_pages = lock + 1};
  const std::vector<PageEntry> pages{{lock - 1, 0, 0}, {lock + 1, 0, 0}};
  EXPECT_TRUE(check_growth(lock - 2, grown, pages));
  EXPECT_FALSE(check_growth(lock - 3, grown, pages));
}

}  // namespace
}  // namespace squall::ltx
