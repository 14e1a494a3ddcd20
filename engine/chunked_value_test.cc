#include "engine/chunked_value.h"

#include <gtest/gtest.h>

#include "engine/blob_fetch.h"
#include "engine/testing/fake_database.h"

namespace squall::test_support {
namespace {

class ChunkedValue : public ::testing::Test {
 protected:
  // Writes the blob in a transaction of its own; what it takes is compared with what lies in the
  // store.
  SizeRow put(std::string_view blob, const SizeRow* replaced = nullptr) {
    auto transaction = database.begin();
    RowWriter writer(*transaction);
    const SizeRow size = put_blob(writer, key, blob, limits, replaced);
    EXPECT_FALSE(writer.error());
    EXPECT_TRUE(transaction->commit());
    EXPECT_EQ(size.stored_bytes, stored_bytes());
    const uint64_t change = size.stored_bytes - (replaced != nullptr ? replaced->stored_bytes : 0);
    EXPECT_EQ(writer.used_after(Head()), change);
    return size;
  }
  uint64_t stored_bytes() {
    uint64_t bytes = 0;
    for (const auto& [row_key, value] : database.rows()) bytes += row_key.size() + value.size();
    return bytes;
  }
  std::string get(uint32_t guessed_pieces) {
    auto transaction = database.begin();
    BlobFetch fetch;
    const size_t slot = fetch.add(key, guessed_pieces);
    EXPECT_TRUE(fetch.fetch(*transaction, ReadMode::kSnapshot));
    const BlobParts parts = fetch.parts(slot);
    if (fetch.pieces(slot) == 0) return std::string(parts.at(0).view().substr(kMarkerBytes));
    std::string joined;
    for (const SharedBytes& part : parts) joined += part.view();
    return joined;
  }

  FakeDatabase database;
  BlobLimits limits;
  const Key key = delta_key(1, {2, 3});
};

TEST_F(ChunkedValue, OfTheStoresLimitWithItsMarkerStaysInOneValue) {
  EXPECT_EQ(put(std::string(99'999, 'x')).pieces, 0u);
  EXPECT_EQ(database.rows().begin()->second.size(), kMaxValueBytes);
}

TEST_F(ChunkedValue, OfExactlyTheStoresLimitIsCut) {
  const std::string blob(100'000, 'x');
  EXPECT_EQ(put(blob).pieces, 10u);
  EXPECT_EQ(get(10), blob);
}

TEST_F(ChunkedValue, ComesBackWhateverItsPiecesWereThought) {
  std::string blob;
  for (int i = 0; blob.size() < 123'457; ++i) blob += std::to_string(i);
  const SizeRow size = put(blob);
  EXPECT_EQ(get(size.pieces), blob);
  EXPECT_EQ(get(0), blob);
  EXPECT_EQ(get(2), blob);
  EXPECT_EQ(get(40), blob);
  database.reads = 0;
  (void)get(size.pieces);
  EXPECT_EQ(database.reads, 1u);
}

TEST_F(ChunkedValue, ThatReplacesALongerOneLeavesNoPieceOfIt) {
  SizeRow size = put(std::string(250'000, 'a'));
  size = put(std::string(150'000, 'b'), &size);
  EXPECT_EQ(database.rows().size(), 16u);
  size = put("short", &size);
  EXPECT_EQ(database.rows().size(), 1u);
  size = put(std::string(150'000, 'c'), &size);
  EXPECT_EQ(get(size.pieces), std::string(150'000, 'c'));
}

TEST_F(ChunkedValue, IsRemovedWithExactlyItsPieces) {
  database.overwrite(delta_key(1, {2, 2}).view(), SharedBytes("before"));
  database.overwrite(delta_key(1, {2, 4}).view(), SharedBytes("after"));
  const auto rows = database.rows();
  auto transaction = database.begin();
  RowWriter writer(*transaction);
  const SizeRow size = put_blob(writer, key, std::string(150'000, 'a'), limits);
  remove_blob(writer, key, size);
  EXPECT_TRUE(transaction->commit());
  EXPECT_EQ(database.rows(), rows);
  EXPECT_EQ(writer.used_after(Head()), 0u);
}

TEST_F(ChunkedValue, WithAPieceMissingHasNoParts) {
  const SizeRow size = put(std::string(150'000, 'a'));
  database.erase(piece_key(key, 7).view());
  auto transaction = database.begin();
  BlobFetch fetch;
  const size_t slot = fetch.add(key, size.pieces);
  EXPECT_TRUE(fetch.fetch(*transaction, ReadMode::kSnapshot));
  EXPECT_TRUE(fetch.present(slot));
  EXPECT_TRUE(fetch.parts(slot).empty());
}

}  // namespace
}  // namespace squall::test_support
