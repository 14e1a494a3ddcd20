#include "sim/session_transport.h"

#include <algorithm>
#include <utility>

#include "sim/oracle/actor_isolation.h"
#include "sim/oracle/actor_truth.h"
#include "sim/oracle/corruption_detected.h"
#include "sim/oracle/fence_exclusive.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/legal_fences_only.h"
#include "sim/oracle/page_images.h"
#include "sim/oracle/round_trip_budget.h"
#include "sim/oracle/storage_damage.h"
#include "sim/oracle/transaction_limits.h"

namespace squall::sim {
namespace {

constexpr size_t kTakeoverKind = 0;
static_assert(std::is_same_v<std::variant_alternative_t<kTakeoverKind, decltype(Request::body)>,
                             TakeoverRequest>);

constexpr size_t kReadKind = 1;
static_assert(std::is_same_v<std::variant_alternative_t<kReadKind, decltype(Request::body)>,
                             GetPagesRequest>);

constexpr size_t kCommitKind = 2;
static_assert(std::is_same_v<std::variant_alternative_t<kCommitKind, decltype(Request::body)>,
                             CommitRequest>);

constexpr size_t kStageBeginKind = 3;
static_assert(std::is_same_v<std::variant_alternative_t<kStageBeginKind, decltype(Request::body)>,
                             StageBeginRequest>);

constexpr size_t kStageKind = 4;
static_assert(
    std::is_same_v<std::variant_alternative_t<kStageKind, decltype(Request::body)>, StageRequest>);

constexpr size_t kFinalizeKind = 5;
static_assert(std::is_same_v<std::variant_alternative_t<kFinalizeKind, decltype(Request::body)>,
                             FinalizeRequest>);

// A definite refusal does not: SQLite rolls back and goes on.
bool ends_session(const decltype(Reply::body)& body) {
  const Error* error = std::get_if<Error>(&body);
  return error != nullptr && error->code != ErrorCode::kQuotaExceeded &&
         error->code != ErrorCode::kTooLarge;
}

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
  Asked asked = note(request);
  asked.damage_mark = link_.damage->mark_request();
  tl::expected<Reply, TransportError> reply = below_.call(std::move(request));
  if (!reply || ends_session(reply->body)) ++link_.truth->failed_requests;
  if (reply && watching()) after(*reply, asked);
  return reply;
}

SessionTransport::Asked SessionTransport::note(const Request& request) const {
  Asked asked;
  asked.kind = request.body.index();
  asked.own_head = own_head(*link_.truth);
  if (const auto* commit = std::get_if<CommitRequest>(&request.body)) {
    asked.commit = {commit->size_pages, commit->pages.size()};
  } else if (const auto* finalize = std::get_if<FinalizeRequest>(&request.body)) {
    // Its chunks are stored already; at most it adds an index row for each page.
    asked.commit = {finalize->size_pages, finalize->size_pages};
  } else if (const auto* takeover = std::get_if<TakeoverRequest>(&request.body)) {
    asked.takeover = *takeover;
  }
  return asked;
}

void SessionTransport::post(Request request) {
  if (watching()) before(request);
  below_.post(std::move(request));
}

bool SessionTransport::watching() const { return !link_.judge->silent() && !process_dead_(); }

void SessionTransport::before(const Request& request) {
  SessionTruth& truth = *link_.truth;
  const uint64_t sequence = commit_sequence(request);
  if (std::holds_alternative<CommitRequest>(request.body) ||
      std::holds_alternative<FinalizeRequest>(request.body)) {
    check_tries(*link_.judge, truth, sequence, knobs_.commit_attempts);
  }
  if (std::holds_alternative<FinalizeRequest>(request.body)) check_staged(*link_.judge, truth);
  if (!std::holds_alternative<TakeoverRequest>(request.body)) check_asks(*link_.judge, truth);
  truth.last_sent_sequence = std::max(truth.last_sent_sequence, sequence);
  keep_sent(request);
  keep_staged(request, sequence);
  if (const auto* commit = std::get_if<CommitRequest>(&request.body)) {
    check_commit(*link_.judge, truth, *commit);
  }
  if (const auto* fetch = std::get_if<GetPagesRequest>(&request.body)) {
    ++link_.figures->page_fetches;
    check_fetch(*link_.judge, truth, *fetch, knobs_.prefetch != 0);
  }
}

void SessionTransport::keep_sent(const Request& request) {
  SessionTruth& truth = *link_.truth;
  if (const auto* commit = std::get_if<CommitRequest>(&request.body)) {
    truth.sent_pages = commit->pages;
    truth.sent_chunks.clear();
  } else if (const auto* chunk = std::get_if<StageRequest>(&request.body)) {
    truth.sent_pages.clear();
    if (chunk->chunk < truth.sent_chunks.size()) truth.sent_chunks.clear();
    truth.sent_chunks.push_back(chunk->blob);
  }
}

void SessionTransport::keep_staged(const Request& request, uint64_t sequence) {
  SessionTruth& truth = *link_.truth;
  if (std::holds_alternative<StageBeginRequest>(request.body)) {
    truth.chunks_missing = false;
    truth.staged_bytes = 0;
    if (std::exchange(truth.staged_sequence, sequence) != sequence) truth.most_staged_bytes = 0;
  } else if (const auto* chunk = std::get_if<StageRequest>(&request.body)) {
    truth.staged_bytes += chunk->blob.size();
    truth.most_staged_bytes = std::max(truth.most_staged_bytes, truth.staged_bytes);
  }
}

void SessionTransport::keep_replied(const PagesReply& reply) {
  std::vector<PageRef>& replied = link_.truth->replied;
  for (const NumberedPage& page : reply.pages) {
    if (page.pgno > kMostKeptPages) continue;
    if (page.pgno > replied.size()) replied.resize(page.pgno);
    replied[page.pgno - 1] = page.page;
  }
}

void SessionTransport::keep_fetched(const PagesReply& reply) {
  for (const NumberedPage& page : reply.pages) {
    if (page.page) link_.truth->cached.arrive(page.pgno);
  }
}

void SessionTransport::after(const Reply& reply, const Asked& asked) {
  const SessionTruth& truth = *link_.truth;
  const bool is_takeover = asked.kind == kTakeoverKind;
  if (!is_takeover && truth.superseded) after_superseded(reply);
  if (const auto* error = std::get_if<Error>(&reply.body)) return after_error(*error, asked);
  if (asked.kind != kReadKind) link_.truth->tally->last_us = (*link_.now_us)();
  if (is_takeover) after_takeover(reply, asked.takeover);
  // A commit that is acknowledged without having landed is acked-durable's, once SQLite hears of
  // it.
  const bool claims_commit = reply.head.head_txid == truth.head_txid + 1;
  // A finalize may land at last while the session stages again.
  const bool stages = asked.kind == kStageBeginKind || asked.kind == kStageKind;
  const bool as_asked = stages && same_head(reply.head, asked.own_head);
  if (!is_takeover && !claims_commit && !as_asked)
    check_reply_head(*link_.judge, truth, reply.head);
  if (link_.judge->silent() || !truth.took_over || truth.superseded) return;
  if (const auto* pages = std::get_if<PagesReply>(&reply.body)) {
    keep_replied(*pages);
    if (!is_takeover) keep_fetched(*pages);
    check_served_pages(*link_.judge, *link_.blame, *link_.actor, truth, pages->pages);
  }
}

void SessionTransport::after_superseded(const Reply& reply) {
  const auto* error = std::get_if<Error>(&reply.body);
  if (error != nullptr && error->code == ErrorCode::kFenced)
    link_.probes->hit(WorldProbe::kSupersededFenced);
  if (std::holds_alternative<DoneReply>(reply.body))
    link_.probes->hit(WorldProbe::kSupersededHearsOfItsCommit);
  check_superseded_reply(*link_.judge, *link_.truth, reply);
}

void SessionTransport::after_takeover(const Reply& reply, const TakeoverRequest& request) {
  const auto* pages = std::get_if<PagesReply>(&reply.body);
  if (pages == nullptr || !link_.truth->took_over) return;
  link_.truth->cached.take_over(pages->pages, reply.head.size_pages,
                                static_cast<size_t>(knobs_.page_cache_pages));
  check_preload(*link_.judge, *link_.truth, request, reply.head, pages->pages,
                static_cast<uint64_t>(knobs_.preload_bytes));
}

void SessionTransport::after_error(const Error& error, const Asked& asked) {
  switch (error.code) {
    case ErrorCode::kFenced:
      link_.truth->fenced = link_.truth->fenced || asked.kind != kTakeoverKind;
      check_fence(*link_.judge, *link_.truth, error.message);
      break;
    case ErrorCode::kSuperseded: check_superseded(*link_.judge, *link_.actor, owner_); break;
    case ErrorCode::kStageIncomplete:
      link_.truth->chunks_missing = asked.kind == kFinalizeKind;
      break;
    case ErrorCode::kCorrupt:
      if (link_.actor->bent_values > 0)
        check_corruption_named(*link_.judge, *link_.actor, error.message);
      if (!link_.damage->explains(link_.truth->actor, error.message, asked.damage_mark)) {
        report_corrupt_reply(*link_.judge, *link_.truth, error.message);
      }
      break;
    case ErrorCode::kQuotaExceeded:
      check_quota_refusal(*link_.judge, *link_.actor, *link_.truth, asked.commit);
      break;
    default: break;
  }
  check_own_error(*link_.judge, *link_.truth, asked.kind, error);
  const bool plain = asked.kind == kCommitKind && error.code == ErrorCode::kTooLarge;
  if (plain) check_too_large(*link_.judge, *link_.truth, asked.commit.pages, knobs_);
  const bool staged = asked.kind == kStageKind && error.code == ErrorCode::kTooLarge;
  if (staged) check_stage_too_large(*link_.judge, *link_.truth, knobs_);
}

}  // namespace squall::sim
