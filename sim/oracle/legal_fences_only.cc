#include "sim/oracle/legal_fences_only.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kFences = Invariant::kLegalFencesOnly;

std::string describe(const HeadView& head) {
  return fmt::format("generation {}, head {}, {} pages", head.generation, head.head_txid, head.size_pages);
}

}  // namespace

void check_fence(Judge& judge, const SessionTruth& session, const std::string& text) {
  judge.expect(session.superseded || !session.took_over, kFences, "fenced", [&] {
    return fmt::format("actor {}: start {} owns it (generation {}, head {}), nobody else took over, and it was fenced: {}",
                       session.actor, session.owner.start_sequence, session.generation, session.head_txid, text);
  });
}

void check_superseded(Judge& judge, const ActorTruth& actor, Owner owner) {
  const bool newer = actor.head && (actor.head->owner.start_sequence > owner.start_sequence ||
                                    (actor.head->owner.start_sequence == owner.start_sequence &&
                                     actor.head->owner.nonce != owner.nonce));
  judge.expect(newer, kFences, "superseded", [&] {
    return fmt::format("actor {}: start {} was told that it is superseded, and nobody who could has taken over",
                       actor.actor, owner.start_sequence);
  });
}

void check_reply_head(Judge& judge, const SessionTruth& session, const HeadView& reply) {
  if (session.superseded || !session.took_over) return;
  const HeadView own{session.generation, session.head_txid, session.image->size_pages()};
  const bool same = reply.generation == own.generation && reply.head_txid == own.head_txid &&
                    reply.size_pages == own.size_pages;
  judge.expect(same, kFences, "reply-head", [&] {
    return fmt::format("actor {}: start {} owns it and left it at {}; a reply names {}", session.actor,
                       session.owner.start_sequence, describe(own), describe(reply));
  });
}

bool check_owner_keeps_generation(Judge& judge, ActorId actor, const Head& before, const Head& after) {
  return judge.expect(after.generation == before.generation, kFences, "replayed-takeover", [&] {
    return fmt::format("actor {}: the generation went from {} to {} while start {} stayed the owner: it fences itself",
                       actor, before.generation, after.generation, after.owner.start_sequence);
  });
}

}  // namespace squall::sim
