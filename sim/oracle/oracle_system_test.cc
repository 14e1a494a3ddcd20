// The oracle on a system that works: random SQL, takeovers, lost replies, refusals and compaction,
// and not one violation.
#include <cctype>

#include "sim/keyed_hash.h"
#include "sim/oracle/testing/oracle_fixture.h"

namespace squall::sim::test_support {
namespace {

struct Variant {
  const char* name;
  int64_t profile;
  int64_t max_delta_bytes;
  int64_t sqlite_cache_pages;
};

class OracleSystem : public OracleTest, public ::testing::WithParamInterface<Variant> {
 protected:
  Knobs knobs() override {
    Knobs knobs;
    knobs.vfs_profile = GetParam().profile;
    knobs.max_delta_bytes = GetParam().max_delta_bytes;
    knobs.sqlite_cache_pages = GetParam().sqlite_cache_pages;
    knobs.page_cache_pages = 8;
    knobs.commit_attempts = 3;
    return knobs;
  }
  uint64_t draw(uint64_t bound) { return below(keyed_hash(seed, ++draws), bound); }

  // One random step of a client.
  Session::Outcome step() {
    switch (draw(14)) {
      case 0:
        return run("INSERT INTO t(k, v) VALUES (random() % 100, ?1)",
                   {blob(static_cast<uint32_t>(draw(9000)))});
      case 1:
        return run("INSERT INTO t(k, v) SELECT k + 1, randomblob(200) FROM t ORDER BY id LIMIT 20");
      case 2: return run("UPDATE t SET v = randomblob(300) WHERE k % 7 = 3");
      case 3: return run("DELETE FROM t WHERE k % 5 = 2");
      case 4: return run("SELECT id, k, length(v), v FROM t ORDER BY id");
      case 5: return run("SELECT k, count(*) FROM t GROUP BY k ORDER BY k");
      case 6:
        return run(
            "INSERT INTO u(name) VALUES ('one'), ('two')");  // the second time against UNIQUE
      case 7: return run("INSERT OR FAIL INTO u(name) VALUES (hex(randomblob(4))), ('one')");
      case 8:
        return run_explicit({"INSERT INTO t(k, v) VALUES (1, randomblob(5000))",
                             "INSERT INTO u(name) VALUES ('one')", "UPDATE t SET k = k + 1",
                             "SELECT sum(k) FROM t"});
      case 9:
        return run_explicit(
            {"INSERT INTO t(k, v) SELECT k, randomblob(3000) FROM t ORDER BY id LIMIT 30",
             "DELETE FROM u"},
            true);
      case 10:
        return run_explicit(
            {"INSERT OR ROLLBACK INTO u(name) VALUES ('one'), ('one')", "DELETE FROM t"});
      case 11: return run("VACUUM");
      case 12: return run(draw(2) ? "CREATE TABLE w(x PRIMARY KEY) WITHOUT ROWID" : "DROP TABLE w");
      default: return run("INSERT INTO w(x) VALUES (random()), (randomblob(40))");
    }
  }

  // The world between client and engine: sometimes a request or its reply is lost.
  void make_lossy() {
    transport->on_call = [this](Request& request) -> std::optional<CallResult> {
      if (!lossy) return std::nullopt;
      const uint64_t fate = draw(20);
      if (fate > 1) return std::nullopt;
      if (fate == 1) static_cast<void>(transport->serve(request));
      return CallResult(tl::unexpected(TransportError::kUnknown));
    };
  }
  void next_session() {
    lossy = false;
    start();
    lossy = true;
  }

  uint64_t seed = 1;
  uint64_t draws = 0;
  bool lossy = false;
};

TEST_P(OracleSystem, RandomSqlWithLostMessagesAndTakeoversHolds) {
  for (seed = 1; seed <= 6; ++seed) {
    draws = 0;
    lossy = false;
    make_lossy();
    start();
    run("DROP TABLE IF EXISTS t");
    run("DROP TABLE IF EXISTS u");
    ASSERT_EQ(run("CREATE TABLE t(id INTEGER PRIMARY KEY, k INT, v BLOB)"),
              Session::Outcome::kDone);
    ASSERT_EQ(run("CREATE TABLE u(id INTEGER PRIMARY KEY, name TEXT UNIQUE)"),
              Session::Outcome::kDone);
    ASSERT_EQ(run("CREATE INDEX t_k ON t(k)"), Session::Outcome::kDone);
    lossy = true;
    for (int i = 0; i < 150; ++i) {
      const Session::Outcome outcome = step();
      ASSERT_TRUE(violations.empty()) << "seed " << seed << ", step " << i << ": "
                                      << violations[0].signature() << " " << violations[0].message;
      if (outcome == Session::Outcome::kWorldError || draw(25) == 0) next_session();
      if (draw(30) == 0) compact();
      if (draw(20) == 0) oracle->check_stored();
    }
    expect_holds();
  }
  EXPECT_GT(oracle->figures().commits, 300u);
  for (const Invariant invariant : {Invariant::kHeadMonotonic,
                                    Invariant::kGenerationMonotonic,
                                    Invariant::kNoZombieCommit,
                                    Invariant::kAckedDurable,
                                    Invariant::kErrorOldOrNew,
                                    Invariant::kPageImages,
                                    Invariant::kSqlTwin,
                                    Invariant::kSqliteIntegrity,
                                    Invariant::kIndexBacked,
                                    Invariant::kDeltaRange,
                                    Invariant::kShardPlacement,
                                    Invariant::kShrinkClean,
                                    Invariant::kGrowthExplicit,
                                    Invariant::kUsageExact,
                                    Invariant::kCompactionPreserves,
                                    Invariant::kStoreValuesVerbatim,
                                    Invariant::kStoreSerializable,
                                    Invariant::kMaterializedSound,
                                    Invariant::kTakeoverCleans,
                                    Invariant::kTransactionLimits,
                                    Invariant::kActorIsolation,
                                    Invariant::kCorruptionDetected,
                                    Invariant::kBoundedMemory,
                                    Invariant::kApiContract}) {
    EXPECT_GT(count(invariant), 0u) << to_string(invariant);
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, OracleSystem,
                         ::testing::Values(Variant{"Default", 0, 8 << 20, 200},
                                           Variant{"DefaultStaged", 0, 16 << 10, 200},
                                           Variant{"Original", 1, 8 << 20, 10},
                                           Variant{"Fallback", 2, 8 << 20, 10},
                                           Variant{"FallbackStaged", 2, 16 << 10, 10}),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace squall::sim::test_support
