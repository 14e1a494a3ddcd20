// Planted defects of blobs, stages and their accounting, each under its trigger.
#include "engine/chunked_value.h"
#include "engine/row_writer.h"
#include "engine/testing/planted_fixture.h"

namespace squall::test_support {
namespace {

class PlantedRows : public Planted {
 protected:
  bool usage_is_off() { return stored_bytes() != stored_head().storage_used; }
  // The value of the only delta's blob, bent at the byte.
  void flip_delta(size_t byte_from_end) {
    const Key key = delta_key(1, {1, 0});
    std::string bent(database.rows().find(key.view())->second.view());
    bent[bent.size() - byte_from_end] = static_cast<char>(bent[bent.size() - byte_from_end] ^ 1);
    database.overwrite(key.view(), SharedBytes(bent));
  }
  // Deltas and shards of more than one value.
  void cut_blobs() {
    options.blob.inline_bytes = 2'000;
    options.blob.piece_bytes = 1'000;
  }
};

TEST_F(PlantedRows, FinalizeRewritesTheWholeBlob) {
  expect_only_with(Defect::kFinalizeRewritesBlob, [&] {
    TestSession actor = started();
    const CommitId id = actor.next_id();
    EXPECT_TRUE(is_ok(actor.stage_begin(id)));
    PageMap pages;
    for (uint32_t pgno = 1; pgno <= 20; ++pgno) pages[pgno] = page(pgno, 1);
    EXPECT_TRUE(is_ok(actor.stage(id, 0, pages, 20)));
    database.largest_transaction_bytes = 0;
    EXPECT_TRUE(is_ok(actor.finalize(id, 20)));
    return database.largest_transaction_bytes > 20'000;
  });
}

TEST_F(PlantedRows, StageOutlivesTheCommitThatEndsIt) {
  expect_only_with(Defect::kStagesNeverFreed, [&] {
    TestSession actor = started();
    const CommitId id = actor.next_id();
    EXPECT_TRUE(is_ok(actor.stage_begin(id)));
    EXPECT_TRUE(is_ok(actor.stage(id, 0, {{1, page(1, 2)}}, 3)));
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    return count_rows(ParsedKey::Kind::kStage) > 0 || dirty_structure();
  });
}

TEST_F(PlantedRows, StagedChunkThatComesAgainCountsTwice) {
  expect_only_with(Defect::kStagedChunkCountedTwice, [&] {
    TestSession actor = started();
    const CommitId id = actor.next_id();
    EXPECT_TRUE(is_ok(actor.stage_begin(id)));
    for (int times = 0; times < 2; ++times)
      EXPECT_TRUE(is_ok(actor.stage(id, 0, {{1, page(1, 2)}}, 3)));
    return usage_is_off();
  });
}

TEST_F(PlantedRows, DeletedBytesStillCount) {
  expect_only_with(Defect::kDeleteNotCredited, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 10, 1)));
    EXPECT_TRUE(is_ok(actor.commit_range(1, 10, 2)));
    compact_all();
    return usage_is_off();
  });
}

TEST_F(PlantedRows, BlobLeavesItsPiecesBehind) {
  cut_blobs();
  expect_only_with(Defect::kChunkedDeleteMissesPieces, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    compact_all();
    return usage_is_off();
  });
}

TEST_F(PlantedRows, ShrunkDatabaseShowsOldPagesWhenItGrowsAgain) {
  expect_only_with(Defect::kShardKeepsPagesPastEnd, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 60, 1)));
    compact_all();
    EXPECT_TRUE(is_ok(actor.commit({{1, page(1, 2)}}, 10)));
    compact_all();
    PageMap regrown{{1, page(1, 3)}};
    for (uint32_t pgno = 11; pgno <= 60; ++pgno) regrown[pgno] = pool.zero();
    EXPECT_TRUE(is_ok(actor.commit(regrown, 60)));
    return !reads_as(actor, 30, pool.zero());
  });
}

TEST_F(PlantedRows, OpenBlobStandsForOtherBytesOfItsSize) {
  expect_only_with(Defect::kOpenBlobTrustedBySize, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    flip_delta(1);
    return is_ok(actor.get_pages({1}));
  });
}

TEST_F(PlantedRows, BlobIsReadWithoutItsChecksum) {
  expect_only_with(Defect::kBlobChecksumIgnored, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    flip_delta(1);
    auto other = make_engine();
    actor.move_to(*other);
    return is_ok(actor.get_pages({1}));
  });
}

TEST_F(PlantedRows, ReadAcrossACompactionGivesZeros) {
  expect_only_with(Defect::kSlowReadZeroes, [&] {
    TestSession actor = started();
    EXPECT_TRUE(is_ok(actor.commit_range(1, 3, 1)));
    auto other = make_engine();
    TestSession reader = actor;
    reader.move_to(*other);
    at(Site::kReadAfterIndex, [&] { EXPECT_TRUE(engine().compact(1)); });
    return reads_as(reader, 2, pool.zero());
  });
}

TEST_F(PlantedRows, LimitsOfTheStoreAreNotKept) {
  expect_only_with(Defect::kStoreLimitsNotEnforced,
                   [&] { return piece_count(kMaxValueBytes + 1, BlobLimits()) == 0; });
}

TEST_F(PlantedRows, MarkerOfAnInlineValueIsNotCounted) {
  expect_only_with(Defect::kInlineLimitOffByOne,
                   [&] { return piece_count(kMaxValueBytes, BlobLimits()) == 0; });
}

TEST_F(PlantedRows, LastPieceOfABlobIsLostWhenItIsFull) {
  expect_only_with(Defect::kWholeLastPieceLost, [&] {
    cut_blobs();
    const auto transaction = database.begin();
    RowWriter writer(*transaction);
    put_blob(writer, delta_key(1, {2, 0}), std::string(3'000, 'x'), options.blob, nullptr);
    EXPECT_TRUE(transaction->commit());
    return database.rows().size() != 4;
  });
}

}  // namespace
}  // namespace squall::test_support
