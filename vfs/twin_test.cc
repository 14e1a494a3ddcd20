// Random SQL on a session, with failures, against native SQLite: the same results, and after a
// death the old content or the new.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "vfs/testing/session_fixture.h"
#include "vfs/testing/twin.h"

namespace squall::test_support {
namespace {

struct Step {
  enum class Kind { kSql, kMishap, kQuota, kReopen, kTakeover };
  Kind kind;
  std::string sql;
  int number = 0;  // of the mishap, or pages of quota above the present size
  int after = 0;   // requests until the mishap
};

void showValue(const Step& step, std::ostream& out) {
  constexpr const char* kKinds[] = {"sql", "mishap", "quota", "reopen", "takeover"};
  out << kKinds[static_cast<int>(step.kind)] << ' ' << step.sql << ' ' << step.number << ' '
      << step.after;
}

rc::Gen<Step> sql_step(rc::Gen<std::string> sql) {
  return rc::gen::map(std::move(sql), [](std::string text) {
    return Step{Step::Kind::kSql, std::move(text)};
  });
}

rc::Gen<std::string> insert_sql() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange(1, 60), rc::gen::inRange(0, 40),
                                     rc::gen::element(1, 100, 1000, 4080, 4096, 9000, 20000)),
                      [](const std::tuple<int, int, int>& t) {
                        const auto [first, more, size] = t;
                        return "WITH RECURSIVE c(i) AS (SELECT " + std::to_string(first) +
                               " UNION ALL SELECT i+1 FROM c WHERE i<" +
                               std::to_string(first + more) +
                               ") INSERT OR REPLACE INTO t SELECT i, 'key-'||(i%7), zeroblob(" +
                               std::to_string(size) + ") FROM c";
                      });
}

rc::Gen<std::string> change_sql() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 6), rc::gen::inRange(1, 100)),
                      [](const std::tuple<int, int>& t) {
                        const std::string n = std::to_string(std::get<1>(t));
                        switch (std::get<0>(t)) {
                          case 0: return "DELETE FROM t WHERE id<" + n;
                          case 1: return "DELETE FROM t WHERE id%3=" + n + "%3";
                          case 2:
                            return "UPDATE t SET v=x'" + std::string("ab") + "', k=k||'-" + n +
                                   "' WHERE id%5=" + n + "%5";
                          case 3: return "UPDATE t SET v=zeroblob(" + n + "*50) WHERE id=" + n;
                          case 4: return "INSERT INTO t VALUES(" + n + ", 'dup', 1)";
                          default: return std::string("DELETE FROM t");
                        }
                      });
}

rc::Gen<Step> any_step() {
  const auto texts = [](std::initializer_list<const char*> list) {
    return sql_step(rc::gen::elementOf(std::vector<std::string>(list.begin(), list.end())));
  };
  const auto world = rc::gen::map(
      rc::gen::tuple(rc::gen::inRange(0, 8), rc::gen::inRange(0, 30), rc::gen::inRange(1, 20)),
      [](const std::tuple<int, int, int>& t) {
        const auto [kind, quota, after] = t;
        if (kind < 5) return Step{Step::Kind::kMishap, "", kind, after};
        if (kind == 5) return Step{Step::Kind::kQuota, "", quota, 0};
        return Step{kind == 6 ? Step::Kind::kReopen : Step::Kind::kTakeover, "", 0, 0};
      });
  return rc::gen::weightedOneOf<Step>({
      {6, sql_step(insert_sql())},
      {5, sql_step(change_sql())},
      {5, texts({"BEGIN", "COMMIT", "COMMIT", "ROLLBACK", "SAVEPOINT s", "ROLLBACK TO s",
                 "RELEASE s"})},
      {2, texts({"CREATE INDEX tk ON t(k)", "DROP INDEX tk", "VACUUM", "ANALYZE",
                 "PRAGMA incremental_vacuum", "CREATE TABLE u AS SELECT * FROM t", "DROP TABLE u",
                 "REINDEX"})},
      {2, world},
  });
}

// The session and its twin.
class Pair {
 public:
  explicit Pair(Profile profile, bool auto_vacuum) : profile_(profile) {
    start();
    if (auto_vacuum) sql_ok("PRAGMA auto_vacuum=INCREMENTAL");
    sql_ok("CREATE TABLE t(id INTEGER PRIMARY KEY, k, v)");
  }

  void apply(const Step& step) {
    switch (step.kind) {
      case Step::Kind::kSql: run(step.sql); break;
      case Step::Kind::kMishap:
        process_->transport.mishaps[process_->transport.requests + step.after] =
            static_cast<Mishap>(step.number);
        break;
      case Step::Kind::kQuota:
        engine_.quota_pages = engine_.actor(1).head.size_pages + static_cast<uint32_t>(step.number);
        break;
      case Step::Kind::kReopen:
        if (twin_.in_transaction()) RC_ASSERT(twin_.sql("ROLLBACK") == SQLITE_OK);
        process_->close();
        if (process_->vfs->dead()) break;
        process_->open();
        if (!process_->connection) RC_ASSERT(process_->vfs->dead());
        break;
      case Step::Kind::kTakeover: take_over_anew(); break;
    }
    if (!process_->connection || process_->vfs->dead()) take_over_anew();
  }

  void check_at_the_end() {
    process_->transport.mishaps.clear();
    take_over_anew();
    RC_ASSERT(process_->query("PRAGMA integrity_check") == "ok|");
  }

 private:
  void start() {
    VfsOptions options;
    options.profile = profile_;
    options.page_cache_pages = 12;
    options.max_delta_bytes = 160 << 10;
    options.stage_chunk_bytes = 64 << 10;
    process_.reset();
    process_ = std::make_unique<Process>(engine_, pool_, 1, options, PreloadHints{}, 10);
    RC_ASSERT(process_->connection != nullptr);
  }
  void sql_ok(const char* text) {
    RC_ASSERT(process_->sql(text) == SQLITE_OK);
    RC_ASSERT(twin_.sql(text) == SQLITE_OK);
  }

  void run(const std::string& sql) {
    const bool was_in_transaction = twin_.in_transaction();
    const int rc = process_->sql(sql);
    if (rc == SQLITE_IOERR || process_->vfs->dead()) {
      RC_ASSERT(process_->vfs->dead());
      if (!was_in_transaction || sql == "COMMIT" || sql == "RELEASE s") in_flight_ = sql;
      return;
    }
    if (rc == SQLITE_FULL) {
      RC_ASSERT(engine_.quota_pages != UINT32_MAX);
      RC_ASSERT(sqlite3_get_autocommit(process_->db()) != 0);
      if (was_in_transaction) RC_ASSERT(twin_.sql("ROLLBACK") == SQLITE_OK);
    } else {
      RC_ASSERT(rc == twin_.sql(sql));
      RC_ASSERT((sqlite3_get_autocommit(process_->db()) == 0) == twin_.in_transaction());
    }
    const uint32_t file_pages = engine_.actor(1).head.size_pages;
    if (!twin_.in_transaction())
      RC_ASSERT(process_->query("PRAGMA page_count") == std::to_string(file_pages) + "|");
    const std::string found = content_of(process_->db());
    if (!process_->vfs->dead()) RC_ASSERT(found == twin_.content());
  }

  // The old process may be dead, or alive in a transaction: what it had not committed is gone.
  void take_over_anew() {
    start();
    const std::string found = content_of(process_->db());
    const std::string in_flight = std::exchange(in_flight_, "");
    if (!in_flight.empty()) {
      // The engine has it or not; the twin follows what a client can see.
      if (twin_.in_transaction()) {
        RC_ASSERT(twin_.sql(found == twin_.content() ? "COMMIT" : "ROLLBACK") == SQLITE_OK);
      } else if (found != twin_.content()) {
        twin_.sql(in_flight);
      }
    } else if (twin_.in_transaction()) {
      RC_ASSERT(twin_.sql("ROLLBACK") == SQLITE_OK);
    }
    RC_ASSERT(found == twin_.content());
    RC_ASSERT(process_->query("PRAGMA integrity_check") == "ok|");
  }

  const Profile profile_;
  PagePool pool_;
  FakeEngine engine_{pool_};
  Twin twin_;
  std::unique_ptr<Process> process_;
  std::string in_flight_;  // the statement whose commit had no answer
};

void hold(Profile profile) {
  const auto steps = *rc::gen::resize(60, rc::gen::container<std::vector<Step>>(any_step()));
  Pair pair(profile, *rc::gen::arbitrary<bool>());
  for (const Step& step : steps) pair.apply(step);
  pair.check_at_the_end();
}

RC_GTEST_PROP(TwinProperty, DefaultProfileAgreesWithNativeSqlite, ()) { hold(Profile::kDefault); }
RC_GTEST_PROP(TwinProperty, OriginalProfileAgreesWithNativeSqlite, ()) { hold(Profile::kOriginal); }
RC_GTEST_PROP(TwinProperty, FallbackProfileAgreesWithNativeSqlite, ()) { hold(Profile::kFallback); }

}  // namespace
}  // namespace squall::test_support
