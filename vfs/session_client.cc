#include "vfs/session_client.h"

#include <string>

#include "vfs/patience.h"
#include "vfs/staged_commit.h"

namespace squall {

namespace {

std::string describe(const HeadView& head) {
  return "generation " + std::to_string(head.generation) + ", head " +
         std::to_string(head.head_txid) + ", " + std::to_string(head.size_pages) + " pages";
}

Error other_head(const HeadView& reply, const HeadView& wanted) {
  return {ErrorCode::kFenced,
          "the engine answered for " + describe(reply) + "; the session is at " + describe(wanted)};
}

bool same_head(const HeadView& a, const HeadView& b) {
  return a.generation == b.generation && a.head_txid == b.head_txid && a.size_pages == b.size_pages;
}

}  // namespace

SessionClient::SessionClient(const VfsOptions& options, const SessionStart& start,
                             Transport& transport, Runtime& runtime, VfsStatistics& statistics)
    : options_(options),
      actor_(start.actor),
      session_nonce_(start.owner.nonce),
      head_(start.head),
      transport_(transport),
      runtime_(runtime),
      statistics_(statistics) {}

Result<std::vector<NumberedPage>> SessionClient::fetch(std::span<const uint32_t> pgnos) {
  if (Result<void> go_on = checkpoint(runtime_, Site::kVfsBeforeFetch); !go_on)
    return Failure(go_on.error());
  Patience patience(options_.retry, runtime_);
  const uint64_t fetches_before = statistics_.fetches;
  Result<Reply> reply = call_patiently(transport_, patience, [&] {
    ++statistics_.fetches;
    return request(GetPagesRequest{{pgnos.begin(), pgnos.end()}});
  });
  statistics_.retries += statistics_.fetches - fetches_before - 1;
  if (!reply) return Failure(reply.error());
  if (planted(Defect::kReadReplyOverwritesHead)) {
    head_ = reply->head;
  } else if (!same_head(reply->head, head_)) {
    return Failure(other_head(reply->head, head_));
  }
  auto* answer = std::get_if<PagesReply>(&reply->body);
  if (answer == nullptr || answer->pages.size() != pgnos.size()) {
    return fail(ErrorCode::kCorrupt, "a page request was answered with other pages");
  }
  for (size_t i = 0; i < pgnos.size(); ++i) {
    const NumberedPage& page = answer->pages[i];
    if (page.pgno != pgnos[i] || (!page.page && page.pgno <= head_.size_pages)) {
      return fail(ErrorCode::kCorrupt, "actor " + std::to_string(actor_) + ": page " +
                                           std::to_string(pgnos[i]) + " is missing from the reply");
    }
  }
  return std::move(answer->pages);
}

Result<void> SessionClient::commit(const std::vector<NumberedPage>& pages, uint32_t size_pages) {
  const CommitId id{session_nonce_, ++last_commit_sequence_};
  RetryPolicy retry = options_.retry;
  if (planted(Defect::kLostReplyTakenForRefusal)) retry.attempts = 1;
  Patience patience(retry, runtime_);
  bool staged = pages.size() * kPageSizeBytes > options_.max_delta_bytes;
  Result<Reply> reply = fail(ErrorCode::kTooLarge, "");
  if (!staged) {
    reply = commit_whole(pages, size_pages, id, patience);
    staged = !reply && reply.error().code == ErrorCode::kTooLarge;
  }
  if (staged) {
    probe(runtime_, Probe::kVfsStagesCommit);
    StagedCommit commit(options_, transport_, runtime_, statistics_);
    reply = commit.run(Request{actor_, head_.generation, {}}, head_.head_txid, id, pages,
                       size_pages, patience);
  }
  if (!reply) return Failure(refused_or_failed(std::move(reply.error())));
  if (Result<void> checked = check_committed(reply->head, size_pages); !checked) return checked;
  head_ = reply->head;
  ++statistics_.commits;
  if (staged) ++statistics_.staged_commits;
  return {};
}

// Of a commit that has failed: what the caller is told.
Error SessionClient::refused_or_failed(Error error) {
  if (planted(Defect::kRefusedCommitIdReused) && is_refusal(error.code)) --last_commit_sequence_;
  const bool lost = error.code == ErrorCode::kUnavailable;
  if (planted(Defect::kLostReplyTakenForRefusal) && lost &&
      runtime_.sleep_us(0) != WaitStatus::kProcessDead) {
    error.code = ErrorCode::kQuotaExceeded;
  }
  return error;
}

Result<Reply> SessionClient::commit_whole(const std::vector<NumberedPage>& pages,
                                          uint32_t size_pages, CommitId id, Patience& patience) {
  uint32_t attempts = 0;
  for (;;) {
    Result<Reply> reply = call_patiently(transport_, patience, [&] {
      if (attempts++ > 0) ++statistics_.retries;
      return request(CommitRequest{head_.head_txid, id, size_pages, pages});
    });
    const bool doubtful = !reply && is_refusal(reply.error().code) && patience.saw_unknown() &&
                          reply.error().code != ErrorCode::kTooLarge;
    if (!doubtful) return reply;
    probe(runtime_, Probe::kVfsDoubtfulRefusal);
    // An earlier attempt may have landed, or may land yet: only "this id is in the head" or death
    // end this.
    if (Result<void> waited = patience.back_off(reply.error()); !waited) {
      return fail(ErrorCode::kUnavailable,
                  waited.error().message + ", after an attempt of unknown outcome");
    }
  }
}

Result<void> SessionClient::check_committed(const HeadView& reply, uint32_t size_pages) const {
  const HeadView wanted{head_.generation, head_.head_txid + 1, size_pages};
  if (same_head(reply, wanted)) return {};
  if (planted(Defect::kCommitKnownBySequence) && same_head(reply, head_)) return {};
  return Failure(other_head(reply, wanted));
}

}  // namespace squall
