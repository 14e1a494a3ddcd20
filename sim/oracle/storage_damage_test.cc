// What excuses an engine that says "corrupt", what doesn't, and what proves a quarantine.
#include "sim/oracle/storage_damage.h"

#include "engine/rows.h"
#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

class StorageDamageTest : public OracleTableTest {
 protected:
  void SetUp() override {
    OracleTableTest::SetUp();
    // Nothing of the table is preloaded.
    start();
  }
  Knobs knobs() override {
    Knobs knobs;
    knobs.preload_bytes = 4096;
    return knobs;
  }
  void lose(const Key& key) {
    store.lose(key.view());
    oracle->blob_lost(*parse_key(key.view()), key.view());
  }
  void bend(const Key& key) { oracle->value_bent(*parse_key(key.view()), key.view()); }
  Session::Outcome read() { return run("SELECT id, v FROM t ORDER BY id"); }
  Key newest_delta() { return delta_key(1, {stored_head().head_txid, 0}); }
};

TEST_F(StorageDamageTest, ALostBlobIsAnErrorAndAQuarantineAndAfterHealingAllIsWell) {
  EXPECT_EQ(oracle->quarantine(1), std::nullopt);
  lose(newest_delta());
  EXPECT_EQ(read(), Session::Outcome::kWorldError);
  EXPECT_TRUE(violations.empty());
  const auto why = oracle->quarantine(1);
  ASSERT_TRUE(why.has_value());
  EXPECT_NE(why->find("delta 2 chunk 0 of actor 1 is lost, and page"), std::string::npos) << *why;
  store.restore();
  EXPECT_EQ(oracle->quarantine(1), std::nullopt);
  start();
  EXPECT_EQ(read(), Session::Outcome::kDone);
  expect_holds();
}

TEST_F(StorageDamageTest, ALostShardHoldsThePagesThatNoDeltaHolds) {
  compact();
  start();
  lose(shard_key(1, 0));
  EXPECT_EQ(read(), Session::Outcome::kWorldError);
  EXPECT_TRUE(violations.empty());
  const auto why = oracle->quarantine(1);
  ASSERT_TRUE(why.has_value());
  EXPECT_EQ(*why, "shard 0 of actor 1 is lost, and page 1 lies in it");
}

TEST_F(StorageDamageTest, ALostBlobThatHoldsNothingAnyMoreIsNoQuarantine) {
  const Key old = delta_key(1, {1, 0});
  ASSERT_EQ(run("UPDATE t SET v = ?1", {blob(9000, 2)}), Session::Outcome::kDone);
  ASSERT_EQ(run("CREATE TABLE u(x)"), Session::Outcome::kDone);
  lose(old);
  EXPECT_EQ(oracle->quarantine(1), std::nullopt);
  start();
  EXPECT_EQ(read(), Session::Outcome::kDone);
}

TEST_F(StorageDamageTest, AnErrorThatNamesAnotherBlobHasNoExcuse) {
  lose(newest_delta());
  transport->on_call = [](Request&) -> std::optional<CallResult> {
    return CallResult(Reply{
        {},
        Error{ErrorCode::kCorrupt, "page 2 of actor 1: delta 20 chunk 0 of actor 1 is missing"}});
  };
  read();
  expect_violation("page-images@corrupt-reply");
}

TEST_F(StorageDamageTest, ARestoredBlobIsNoExcuseForALaterRequest) {
  lose(newest_delta());
  store.restore();
  transport->on_call = [](Request&) -> std::optional<CallResult> {
    return CallResult(Reply{
        {},
        Error{ErrorCode::kCorrupt, "page 2 of actor 1: delta 2 chunk 0 of actor 1 is missing"}});
  };
  read();
  expect_violation("page-images@corrupt-reply");
}

TEST_F(StorageDamageTest, AFlippedBitExcusesTheRequestThatItHappenedInAndNoOther) {
  int calls = 0;
  transport->on_call = [&](Request& request) -> std::optional<CallResult> {
    if (!std::holds_alternative<GetPagesRequest>(request.body)) return std::nullopt;
    if (++calls == 1) bend(newest_delta());
    return CallResult(Reply{
        {}, Error{ErrorCode::kCorrupt, "delta 2 chunk 0 of actor 1: the file checksum is wrong"}});
  };
  EXPECT_EQ(read(), Session::Outcome::kWorldError);
  EXPECT_TRUE(violations.empty());
  start();
  read();
  expect_violation("page-images@corrupt-reply");
}

TEST_F(StorageDamageTest, ABentRowExcusesAnErrorThatNamesItsKey) {
  StorageDamage damage(store);
  const Key key = index_key(1, 7);
  damage.bent(*parse_key(key), key);
  EXPECT_TRUE(damage.explains(1, describe_row(1, key) + ": its checksum is wrong", 0));
  EXPECT_FALSE(damage.explains(1, describe_row(1, index_key(1, 8)) + ": its checksum is wrong", 0));
  EXPECT_FALSE(damage.explains(1, "page 7 of actor 1: delta 9 chunk 0 of actor 1 is missing", 0));
}

TEST_F(StorageDamageTest, ActorsAreToldApartByTheirWholeNumber) {
  StorageDamage damage(store);
  const Key key = delta_key(1, {7, 0});
  damage.bent(*parse_key(key), key);
  EXPECT_TRUE(damage.explains(1, "delta 7 chunk 0 of actor 1: bent", 0));
  EXPECT_FALSE(damage.explains(1, "delta 7 chunk 0 of actor 12: bent", 0));
  EXPECT_FALSE(damage.explains(12, "delta 7 chunk 0 of actor 12: bent", 0));
}

}  // namespace
}  // namespace squall::sim::test_support
