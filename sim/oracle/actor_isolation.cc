#include "sim/oracle/actor_isolation.h"

#include <fmt/format.h>

#include <array>

#include "engine/assert.h"
#include "sim/error_mask.h"

namespace squall::sim {
namespace {

constexpr auto kIsolation = Invariant::kActorIsolation;

// What may answer a well-formed request, by its place in Request::body. Of the last three only the
// finalize is waited for.
constexpr std::array kOwnErrors = {
    // Fenced: when it has landed, and another one as well before its pages were read.
    error_mask(
        {ErrorCode::kSuperseded, ErrorCode::kFenced, ErrorCode::kUnavailable, ErrorCode::kCorrupt}),
    error_mask({ErrorCode::kFenced, ErrorCode::kUnavailable, ErrorCode::kCorrupt}),
    error_mask({ErrorCode::kFenced, ErrorCode::kTooLarge, ErrorCode::kQuotaExceeded,
                ErrorCode::kUnavailable, ErrorCode::kCorrupt}),
    error_mask({ErrorCode::kFenced, ErrorCode::kUnavailable, ErrorCode::kCorrupt}),
    error_mask({ErrorCode::kFenced, ErrorCode::kTooLarge, ErrorCode::kStageIncomplete,
                ErrorCode::kUnavailable, ErrorCode::kCorrupt}),
    error_mask({ErrorCode::kFenced, ErrorCode::kTooLarge, ErrorCode::kStageIncomplete,
                ErrorCode::kQuotaExceeded, ErrorCode::kUnavailable, ErrorCode::kCorrupt}),
};
static_assert(kOwnErrors.size() == std::variant_size_v<decltype(Request::body)>);

}  // namespace

bool check_one_actor(Judge& judge, ActorId first, ActorId second) {
  return judge.expect(first == second, kIsolation, "transaction", [&] {
    return fmt::format("one transaction of the store wrote rows of actor {} and of actor {}", first,
                       second);
  });
}

void check_own_error(Judge& judge, const SessionTruth& session, size_t request_kind,
                     const Error& error) {
  SQUALL_ASSERT(request_kind < kOwnErrors.size());
  const bool own = (kOwnErrors[request_kind] & error_mask({error.code})) != 0;
  judge.expect(own, kIsolation, "error", [&] {
    return fmt::format("actor {} (start {}): a sound request of kind {} was answered \"{}\": {}",
                       session.actor, session.owner.start_sequence, request_kind,
                       squall::to_string(error.code), error.message);
  });
}

void check_served_commit(Judge& judge, const ServedCommit& served, const Knobs& knobs) {
  const auto most = static_cast<uint64_t>(knobs.store_attempts);
  const bool within = judge.expect(served.commits <= most, kIsolation, "tries", [&] {
    return fmt::format("actor {}: a node tried {} store commits for one request, {} may be",
                       served.actor, served.commits, most);
  });
  // With a time-out of its own a node may give up what nothing has struck.
  if (!within || !served.unavailable || knobs.store_timeout_ms > 0) return;
  judge.expect(served.struck > 0 || served.reads >= most, kIsolation, "unavailable", [&] {
    return fmt::format(
        "actor {}: a node gave up a request after {} store reads and {} store "
        "commits, though nothing had gone wrong with it and it has {} tries",
        served.actor, served.reads, served.commits, most);
  });
}

void check_connection_kept(Judge& judge, ActorId actor, bool ends) {
  judge.expect(!ends, kIsolation, "connection", [&] {
    return fmt::format("an error for actor {} closed the connection that it shares with others",
                       actor);
  });
}

void check_own_death(Judge& judge, const SessionTruth& session, const std::string& why) {
  judge.expect(session.failed_requests > 0 || session.superseded, kIsolation, "death", [&] {
    return fmt::format(
        "actor {} (start {}, head {}): the file died, and no request of the session had failed: {}",
        session.actor, session.owner.start_sequence, session.head_txid, why);
  });
}

}  // namespace squall::sim
