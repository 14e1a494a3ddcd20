#include "vfs/session.h"

#include "vfs/patience.h"

namespace squall {

Result<SessionStart> take_over(ActorId actor, Owner owner, const PreloadHints& hints,
                               Transport& transport, Runtime& runtime, const RetryPolicy& retry) {
  Patience patience(retry, runtime);
  Result<Reply> reply = call_patiently(transport, patience, [&] {
    return Request{actor, 0, TakeoverRequest{owner, hints.pgnos, hints.ranges, hints.max_bytes}};
  });
  if (!reply) return Failure(reply.error());
  auto* pages = std::get_if<PagesReply>(&reply->body);
  if (pages == nullptr || reply->head.generation == 0) {
    return fail(ErrorCode::kInvalidRequest, "a takeover was answered without head or pages");
  }
  return SessionStart{actor, owner, reply->head, std::move(pages->pages)};
}

}  // namespace squall
