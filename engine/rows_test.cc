#include "engine/rows.h"

#include <gtest/gtest.h>

#include "engine/head.h"
#include "engine/structure.h"

namespace squall {
namespace {

std::string flipped(std::string_view bytes, size_t at) {
  std::string result(bytes);
  result[at] = static_cast<char>(result[at] ^ 0x10);
  return result;
}

Head some_head() {
  Head head;
  head.owner = {3, 77};
  head.last_commit = {77, 9};
  head.generation = 4;
  head.head_txid = 12;
  head.next_txid = 14;
  head.materialized_txid = 7;
  head.compaction_epoch = 5;
  head.last_shrink_txid = 6;
  head.creation_ts_ms = -1;
  head.storage_used = 123456;
  head.storage_max = 1 << 30;
  head.size_pages = 42;
  return head;
}

TEST(HeadRecord, ComesBackAsItWas) {
  const SharedBytes bytes = encode_head(5, some_head());
  EXPECT_EQ(bytes.size(), kHeadBytes);
  EXPECT_EQ(decode_head(5, bytes).value(), some_head());
}

TEST(HeadRecord, EndsWithTheSizeInPages) {
  const SharedBytes bytes = encode_head(5, some_head());
  EXPECT_EQ(bytes.view().substr(kHeadBytes - 4), std::string_view("\x2a\0\0\0", 4));
}

TEST(HeadRecord, AnyFlippedBitIsRefused) {
  const SharedBytes bytes = encode_head(5, some_head());
  for (size_t at = 0; at < bytes.size(); ++at)
    EXPECT_FALSE(decode_head(5, flipped(bytes, at))) << at;
}

TEST(HeadRecord, OfAnotherActorOrLengthIsRefused) {
  const SharedBytes bytes = encode_head(5, some_head());
  EXPECT_FALSE(decode_head(6, bytes));
  EXPECT_FALSE(decode_head(5, bytes.view().substr(1)));
  EXPECT_FALSE(decode_head(5, std::string(bytes.view()) + "x"));
}

TEST(HeadRecord, ThatBreaksAnInvariantIsRefused) {
  const auto refused = [](auto change) {
    Head head = some_head();
    change(head);
    return !decode_head(5, encode_head(5, head));
  };
  EXPECT_TRUE(refused([](Head& head) { head.generation = 0; }));
  EXPECT_TRUE(refused([](Head& head) { head.next_txid = 12; }));
  EXPECT_TRUE(refused([](Head& head) { head.next_txid = 15; }));
  EXPECT_TRUE(refused([](Head& head) { head.materialized_txid = 13; }));
  EXPECT_TRUE(refused([](Head& head) { head.last_shrink_txid = 13; }));
  EXPECT_TRUE(refused([](Head& head) { head.last_commit = {}; }));
}

TEST(IndexRow, IsBoundToItsKey) {
  const IndexRow row{9, 2, 3};
  const SharedBytes value = encode_index_row(1, index_key(1, 7), row);
  EXPECT_EQ(value.size(), kIndexValueBytes);
  EXPECT_EQ(decode_index_row(1, index_key(1, 7), value).value(), row);
  EXPECT_FALSE(decode_index_row(1, index_key(1, 8), value));
  for (size_t at = 0; at < value.size(); ++at) {
    EXPECT_FALSE(decode_index_row(1, index_key(1, 7), flipped(value, at))) << at;
  }
}

TEST(SizeAndStageRows, ComeBackAsTheyWere) {
  const SizeRow size{63, 4, uint64_t{1} << 33};
  const Key size_key = delta_size_key(1, {5, 6});
  EXPECT_EQ(decode_size_row(1, size_key, encode_size_row(1, size_key, size)).value(), size);
  const StageRow stage{{1, 2}, 3, 4, 5};
  EXPECT_EQ(decode_stage_row(1, stage_key(1), encode_stage_row(1, stage_key(1), stage)).value(),
            stage);
  StageChunkRow chunk{8, 9, 2, {}};
  for (uint32_t pgno = 1; pgno < 5000; pgno += 3) chunk.pgnos.push_back(pgno);
  const Key chunk_key = stage_chunk_key(1, 4);
  const SharedBytes value = encode_stage_chunk_row(1, chunk_key, chunk);
  EXPECT_EQ(decode_stage_chunk_row(1, chunk_key, value).value(), chunk);
  EXPECT_FALSE(decode_stage_chunk_row(1, stage_chunk_key(1, 5), value));
  EXPECT_FALSE(decode_stage_chunk_row(1, chunk_key, flipped(value, value.size() / 2)));
}

TEST(StageChunkRow, RefusesPagesThatDoNotRise) {
  const Key key = stage_chunk_key(1, 0);
  for (const auto& pgnos : std::vector<std::vector<uint32_t>>{{0}, {2, 2}, {3, 2}}) {
    EXPECT_FALSE(decode_stage_chunk_row(1, key, encode_stage_chunk_row(1, key, {1, 1, 0, pgnos})));
  }
}

TEST(Keys, ParseBackToWhatTheyName) {
  using Kind = ParsedKey::Kind;
  EXPECT_EQ(parse_key(head_key(9))->kind, Kind::kHead);
  EXPECT_EQ(parse_key(stage_key(9))->kind, Kind::kStage);
  EXPECT_EQ(parse_key(stage_chunk_key(9, 3))->kind, Kind::kStageChunk);
  EXPECT_EQ(parse_key(index_key(9, 3))->number, 3u);
  EXPECT_EQ(parse_key(shard_size_key(9, 4))->kind, Kind::kShardSize);
  const auto delta = parse_key(delta_key(9, {5, 6}));
  EXPECT_EQ(delta->kind, Kind::kDelta);
  EXPECT_EQ(delta->actor, 9u);
  EXPECT_EQ(delta->delta, (DeltaName{5, 6}));
  const auto piece = parse_key(piece_key(delta_key(9, {5, 6}), 7));
  EXPECT_EQ(piece->kind, Kind::kDeltaPiece);
  EXPECT_EQ(piece->piece, 7);
  EXPECT_EQ(parse_key(piece_key(shard_key(9, 2), 1))->kind, Kind::kShardPiece);
}

TEST(Keys, ThatAreNoneOfOursDoNotParse) {
  EXPECT_FALSE(parse_key(""));
  EXPECT_FALSE(
      parse_key("\x01"
                "12345678\x01"));
  EXPECT_FALSE(parse_key(std::string(head_key(1).view()) + "x"));
  EXPECT_FALSE(parse_key(std::string(index_key(1, 1).view()) + "xy"));
  EXPECT_FALSE(parse_key(tag_key(1, static_cast<RowTag>(8))));
}

TEST(Keys, OfSmallRowsLieBeforeTheBlobs) {
  EXPECT_LT(head_key(1).view(), stage_chunk_key(1, 5).view());
  EXPECT_LT(stage_chunk_key(1, UINT32_MAX).view(), index_key(1, 0).view());
  EXPECT_LT(shard_size_key(1, UINT32_MAX).view(), delta_key(1, {}).view());
  EXPECT_LT(piece_key(shard_key(1, UINT32_MAX), UINT16_MAX).view(), actor_end_key(1).view());
  EXPECT_LE(actor_end_key(1).view(), actor_begin_key(2).view());
}

}  // namespace
}  // namespace squall
