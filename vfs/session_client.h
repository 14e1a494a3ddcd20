// What a session asks of the engine: pages and commits, at the head that the session itself has
// made. Nobody else moves that head, so a reply that names another one is an error, never news.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/messages.h"
#include "engine/runtime.h"
#include "engine/transport.h"
#include "vfs/options.h"
#include "vfs/session.h"
#include "vfs/statistics.h"

namespace squall {

class SessionClient {
 public:
  // statistics, transport and runtime outlive the client.
  SessionClient(const VfsOptions& options, const SessionStart& start, Transport& transport,
                Runtime& runtime, VfsStatistics& statistics);

  const HeadView& head() const { return head_; }

  // The pages of pgnos at the head, in that order; null past the end. Any error is the end of the
  // session.
  Result<std::vector<NumberedPage>> fetch(std::span<const uint32_t> pgnos);

  // One logical commit: pages by rising number, every page that the database grows by among them.
  // Asks until the outcome is known. kQuotaExceeded and kTooLarge are definite refusals: nothing
  // was written and the session goes on. After any other error the outcome may be unknown, and the
  // session has ended.
  Result<void> commit(const std::vector<NumberedPage>& pages, uint32_t size_pages);

 private:
  Request request(decltype(Request::body) body) const {
    return {actor_, head_.generation, std::move(body)};
  }
  Result<Reply> commit_whole(const std::vector<NumberedPage>& pages, uint32_t size_pages,
                             CommitId id, class Patience& patience);
  Error refused_or_failed(Error error);
  Result<void> check_committed(const HeadView& reply, uint32_t size_pages) const;

  const VfsOptions& options_;
  ActorId actor_;
  uint64_t session_nonce_;
  HeadView head_;
  uint64_t last_commit_sequence_ = 0;
  Transport& transport_;
  Runtime& runtime_;
  VfsStatistics& statistics_;
};

}  // namespace squall
