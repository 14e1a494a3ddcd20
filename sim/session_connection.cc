#include "sim/session_connection.h"

#include <utility>

#include "sim/session_watch.h"

namespace squall::sim {
namespace {

VfsOptions vfs_options(const Knobs& knobs, Profile profile) {
  VfsOptions options;
  options.profile = profile;
  options.page_cache_pages = static_cast<size_t>(knobs.page_cache_pages);
  options.max_delta_bytes = static_cast<size_t>(knobs.max_delta_bytes);
  options.stage_chunk_bytes = static_cast<size_t>(knobs.stage_chunk_bytes);
  options.lz4_acceleration = static_cast<int>(knobs.lz4_acceleration);
  options.prefetch = knobs.prefetch != 0;
  options.retry.attempts = static_cast<uint32_t>(knobs.commit_attempts);
  return options;
}

}  // namespace

Result<std::unique_ptr<SessionConnection>> SessionConnection::open(
    const SessionEnvironment& environment, Transport& transport, SessionWatch* watch) {
  const auto profile = static_cast<Profile>(environment.knobs->vfs_profile);
  const Result<SessionStart> start =
      take_over(environment.actor, environment.owner, environment.hints, transport,
                *environment.runtime, vfs_options(*environment.knobs, profile).retry);
  if (!start) return Failure(start.error());
  if (watch != nullptr) watch->took_over();
  auto session = open_as(profile, environment, *start, transport, watch);
  const bool without_batches = !session && session.error().code == ErrorCode::kInvalidRequest;
  if (!without_batches || profile == Profile::kFallback) return session;
  return open_as(Profile::kFallback, environment, *start, transport, watch);
}

Result<std::unique_ptr<SessionConnection>> SessionConnection::open_as(
    Profile profile, const SessionEnvironment& environment, const SessionStart& start,
    Transport& transport, SessionWatch* watch) {
  std::unique_ptr<SessionConnection> session(
      new SessionConnection(profile, environment, start, transport));
  sqlite3_vfs* vfs = session->vfs_.sqlite_vfs();
  if (watch != nullptr) {
    session->recorder_ = watch->make_recorder(vfs, profile);
    vfs = session->recorder_->sqlite_vfs();
  }
  ConnectionOptions options;
  options.profile = profile;
  options.sqlite_cache_pages = static_cast<uint32_t>(environment.knobs->sqlite_cache_pages);
  if (watch != nullptr && environment.allocation_to_fail)
    session->fail_allocation(environment.allocation_to_fail());
  auto connection = session->open_connection(vfs, environment.actor, std::move(options));
  if (!connection) return Failure(connection.error());
  session->connection_ = std::move(*connection);
  if (watch != nullptr) watch->opened(session->connection_->db(), profile);
  session->random_.install(session->connection_->db());
  session->statements_ =
      std::make_unique<StatementRunner>(session->connection_->db(), *environment.workload);
  return session;
}

Result<std::unique_ptr<squall::Connection>> SessionConnection::open_connection(
    sqlite3_vfs* vfs, ActorId actor, ConnectionOptions options) {
  const InsideSqlite inside(limit());
  return squall::Connection::open(vfs, actor, std::move(options));
}

SessionConnection::SessionConnection(Profile profile, const SessionEnvironment& environment,
                                     SessionStart start, Transport& transport)
    : vfs_(vfs_options(*environment.knobs, profile), std::move(start), transport,
           *environment.runtime, *environment.pool) {}

// SQLite closes after its statements are gone, and before the VFS below it is.
SessionConnection::~SessionConnection() {
  statements_.reset();
  connection_.reset();
}

StatementResult SessionConnection::run(const Statement& statement,
                                       std::span<const std::string> bytes) {
  const InsideSqlite inside(limit());
  return statements_->run(statement, bytes);
}

int SessionConnection::run_fixed(FixedStatement which) {
  const InsideSqlite inside(limit());
  return statements_->run_fixed(which);
}

void SessionConnection::begin_statement(uint64_t key, int64_t wall_us) {
  random_.begin(key);
  if (recorder_) recorder_->set_time_us(wall_us);
}

}  // namespace squall::sim
