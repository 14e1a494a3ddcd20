#include "sim/session_transport.h"

#include <algorithm>
#include <utility>

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/legal_fences_only.h"
#include "sim/oracle/page_images.h"
#include "sim/oracle/round_trip_budget.h"

namespace squall::sim {
namespace {

// The session's number of the commit that the request belongs to; 0: none.
uint64_t commit_sequence(const Request& request) {
  return std::visit(
      [](const auto& body) -> uint64_t {
        if constexpr (requires { body.commit_id; }) return body.commit_id.sequence;
        return 0;
      },
      request.body);
}

}  // namespace

tl::expected<Reply, TransportError> SessionTransport::call(Request request) {
  if (watching()) before(request);
  const bool is_takeover = std::holds_alternative<TakeoverRequest>(request.body);
  tl::expected<Reply, TransportError> reply = below_.call(std::move(request));
  if (reply && watching()) after(*reply, is_takeover);
  return reply;
}

void SessionTransport::post(Request request) {
  if (watching()) before(request);
  below_.post(std::move(request));
}

bool SessionTransport::watching() const { return !link_.judge->silent() && !process_dead_(); }

void SessionTransport::before(const Request& request) {
  SessionTruth& truth = *link_.truth;
  truth.last_sent_sequence = std::max(truth.last_sent_sequence, commit_sequence(request));
  if (const auto* fetch = std::get_if<GetPagesRequest>(&request.body)) {
    ++link_.figures->page_fetches;
    check_fetch(*link_.judge, truth, *fetch);
  }
}

void SessionTransport::after(const Reply& reply, bool is_takeover) {
  const auto* error = std::get_if<Error>(&reply.body);
  if (error == nullptr) {
    // A commit that is acknowledged without having landed is acked-durable's, once SQLite hears of it.
    const bool claims_commit = reply.head.head_txid == link_.truth->head_txid + 1;
    if (!is_takeover && !claims_commit) check_reply_head(*link_.judge, *link_.truth, reply.head);
    return;
  }
  switch (error->code) {
    case ErrorCode::kFenced: return check_fence(*link_.judge, *link_.truth, error->message);
    case ErrorCode::kSuperseded: return check_superseded(*link_.judge, *link_.actor, owner_);
    case ErrorCode::kCorrupt: return report_corrupt_reply(*link_.judge, *link_.truth, error->message);
    default: return;
  }
}

}  // namespace squall::sim
