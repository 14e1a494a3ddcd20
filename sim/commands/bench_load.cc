#include "sim/commands/bench_load.h"

#include <sqlite3.h>

#include <ctime>
#include <string>
#include <vector>

#include "engine/assert.h"
#include "scenarios/plan_builder.h"
#include "sim/commands/bench_bare_vfs.h"
#include "sim/value_generator.h"

namespace squall::commands {
namespace {

struct KindSql {
  const char* create;
  const char* create_index;  // empty: none
  const char* insert;
};

KindSql sql_of(CommitKind kind) {
  if (kind == CommitKind::kOnePage) {
    return {"CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)", "", "INSERT INTO t(v) VALUES(?)"};
  }
  return {"CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT)", "CREATE INDEX t_k ON t(k)",
          "INSERT INTO t(k) VALUES(?)"};
}

sim::Parameter parameter_of(CommitKind kind, uint32_t actor, uint32_t commit) {
  constexpr uint32_t kTextBytes = 100;
  return kind == CommitKind::kOnePage ? scenarios::integer(commit)
                                      : scenarios::text(kTextBytes, uint64_t{actor} << 32 | commit);
}

// One connection of the bare run with its prepared statement.
struct BareActor {
  sqlite3* db;
  sqlite3_stmt* insert;
};

std::optional<BareActor> open_actor(BareVfs& vfs, const KindSql& sql, uint32_t actor,
                                    int cache_pages) {
  BareActor opened{vfs.open(std::to_string(actor), cache_pages), nullptr};
  for (const char* text : {sql.create, sql.create_index}) {
    if (sqlite3_exec(opened.db, text, nullptr, nullptr, nullptr) != SQLITE_OK) return std::nullopt;
  }
  if (sqlite3_prepare_v2(opened.db, sql.insert, -1, &opened.insert, nullptr) != SQLITE_OK)
    return std::nullopt;
  return opened;
}

bool insert_row(const BareActor& actor, const sim::Parameter& parameter, std::string& bytes) {
  if (parameter.kind != sim::Parameter::Kind::kInteger) sim::generate_bytes(parameter, &bytes);
  sim::bind_parameter(actor.insert, 1, parameter, bytes);
  const bool done = sqlite3_step(actor.insert) == SQLITE_DONE;
  return sqlite3_reset(actor.insert) == SQLITE_OK && done;
}

bool run_actors(BareVfs& vfs, const CommitLoad& load, std::vector<BareActor>& actors) {
  const sim::Knobs knobs;
  for (uint32_t i = 1; i <= load.actors; ++i) {
    const auto actor =
        open_actor(vfs, sql_of(load.kind), i, static_cast<int>(knobs.sqlite_cache_pages));
    if (!actor) return false;
    actors.push_back(*actor);
  }
  const uint64_t before = vfs.atomic_commits();
  std::string bytes;
  for (uint32_t commit = 1; commit <= load.commits_per_actor; ++commit) {
    for (uint32_t i = 0; i < load.actors; ++i) {
      if (!insert_row(actors[i], parameter_of(load.kind, i + 1, commit), bytes)) return false;
    }
  }
  return vfs.atomic_commits() - before == uint64_t{load.actors} * load.commits_per_actor;
}

}  // namespace

double process_cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

sim::Plan commit_plan(const CommitLoad& load, bool oracle) {
  constexpr uint32_t kActorsOfHost = 100;
  scenarios::PlanBuilder builder("bench", 1);
  constexpr int64_t kAsMostSwarmSeeds = 8;
  builder.plan().knobs.oracle = oracle ? 1 : 0;
  builder.plan().knobs.lz4_acceleration = kAsMostSwarmSeeds;
  builder.plan().knobs.hosts = (load.actors + kActorsOfHost - 1) / kActorsOfHost;
  builder.add_actors(load.actors);
  const KindSql sql = sql_of(load.kind);
  for (uint32_t actor = 1; actor <= load.actors; ++actor) {
    builder.add(actor, {builder.statement(sql.create)});
    if (*sql.create_index != '\0') builder.add(actor, {builder.statement(sql.create_index)});
    for (uint32_t commit = 1; commit <= load.commits_per_actor; ++commit) {
      builder.add(actor, {builder.statement(sql.insert, {parameter_of(load.kind, actor, commit)})});
    }
  }
  return builder.take();
}

std::optional<double> run_bare(const CommitLoad& load) {
  BareVfs vfs;
  std::vector<BareActor> actors;
  const double start_s = process_cpu_s();
  const bool good = run_actors(vfs, load, actors);
  const double cpu_s = process_cpu_s() - start_s;
  for (const BareActor& actor : actors) {
    sqlite3_finalize(actor.insert);
    sqlite3_close(actor.db);
  }
  return good ? std::optional(cpu_s) : std::nullopt;
}

sim::Plan read_plan(bool cold) {
  constexpr int64_t kRows = 4000;
  constexpr int64_t kReads = 6000;
  constexpr uint32_t kRowBytes = 2500;  // a row a page
  scenarios::PlanBuilder builder("bench", 1);
  sim::Knobs& knobs = builder.plan().knobs;
  knobs.oracle = 0;
  knobs.hosts = 1;
  knobs.prefetch = 0;
  knobs.sqlite_cache_pages = 20;
  knobs.page_cache_pages = cold ? 20 : 100'000;
  builder.add_actors(1);
  builder.add(1, {builder.statement("CREATE TABLE t(id INTEGER PRIMARY KEY, v)")});
  std::vector<sim::Statement> inserts;
  for (int64_t id = 1; id <= kRows; ++id) {
    inserts.push_back(builder.statement(
        "INSERT INTO t VALUES(?,?)",
        {scenarios::integer(id), scenarios::text(kRowBytes, static_cast<uint64_t>(id))}));
  }
  builder.add_explicit(1, std::move(inserts));
  for (int64_t read = 0; read < kReads; ++read) {
    const int64_t id = 1 + read * 1237 % kRows;
    builder.add(
        1, {builder.statement("SELECT length(v) FROM t WHERE id=?", {scenarios::integer(id)})});
  }
  return builder.take();
}

sim::Plan large_plan(uint32_t rows) {
  scenarios::PlanBuilder builder("bench", 1);
  builder.add_actors(1);
  builder.add(1, {builder.statement("CREATE TABLE t(id INTEGER PRIMARY KEY, v)")});
  std::vector<sim::Statement> inserts;
  for (uint32_t id = 1; id <= rows; ++id) {
    inserts.push_back(builder.statement(
        "INSERT INTO t VALUES(?,?)", {scenarios::integer(id), scenarios::random_bytes(4096, id)}));
  }
  builder.add_explicit(1, std::move(inserts));
  return builder.take();
}

}  // namespace squall::commands
