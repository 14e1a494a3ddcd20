#include "sim/oracle/legal_fences_only.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kFences = Invariant::kLegalFencesOnly;

std::string describe(const HeadView& head) {
  return fmt::format("generation {}, head {}, {} pages", head.generation, head.head_txid,
                     head.size_pages);
}

// Which command came again, which generation moved, who is fenced.
std::string tell_replayed_takeover(const ActorTruth& actor, const Head& before, const Head& after) {
  const uint64_t start = after.owner.start_sequence;
  std::string story =
      fmt::format("actor {}: the generation went from {} to {} while start {} stayed the owner.",
                  actor.actor, before.generation, after.generation, start);
  if (actor.replayed_start && actor.replayed_start->start_sequence == start) {
    story += fmt::format(
        " Start command {} {}: it reached host {}, which ran the actor already, at {:.3f} ms. A "
        "node "
        "took the replay for a takeover and moved the generation.",
        start, actor.replayed_start->why, actor.replayed_start->host,
        static_cast<double>(actor.replayed_start->at_us) / 1000);
  }
  return story + fmt::format(
                     " So the session of start {}, which goes on at generation {} and head {}, is "
                     "fenced by its "
                     "own command, though nobody else took over.",
                     start, before.generation, before.head_txid);
}

}  // namespace

void check_fence(Judge& judge, const SessionTruth& session, const std::string& text) {
  judge.expect(session.superseded, kFences, session.took_over ? "fenced" : "fenced-start", [&] {
    return fmt::format(
        "actor {}: start {} {} (generation {}, head {}), nobody else took over, and it was fenced: "
        "{}",
        session.actor, session.owner.start_sequence, session.took_over ? "owns it" : "wants it",
        session.generation, session.head_txid, text);
  });
}

void check_superseded(Judge& judge, const ActorTruth& actor, Owner owner) {
  // A new incarnation of the same start takes over.
  const bool newer = actor.head && actor.head->owner.start_sequence > owner.start_sequence;
  judge.expect(newer, kFences, "superseded", [&] {
    return fmt::format(
        "actor {}: start {} was told that it is superseded, and nobody who could has taken over",
        actor.actor, owner.start_sequence);
  });
}

HeadView own_head(const SessionTruth& session) {
  return {session.generation, session.head_txid, session.image->size_pages()};
}

bool same_head(const HeadView& a, const HeadView& b) {
  return a.generation == b.generation && a.head_txid == b.head_txid && a.size_pages == b.size_pages;
}

void check_reply_head(Judge& judge, const SessionTruth& session, const HeadView& reply) {
  if (session.superseded || !session.took_over) return;
  const HeadView own = own_head(session);
  judge.expect(same_head(reply, own), kFences, "reply-head", [&] {
    return fmt::format("actor {}: start {} owns it and left it at {}; a reply names {}",
                       session.actor, session.owner.start_sequence, describe(own), describe(reply));
  });
}

bool check_owner_keeps_generation(Judge& judge, const ActorTruth& actor, const Head& after) {
  return judge.expect(after.generation == actor.head->generation, kFences, "replayed-takeover",
                      [&] { return tell_replayed_takeover(actor, *actor.head, after); });
}

}  // namespace squall::sim
