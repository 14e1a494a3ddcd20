// legal-fences-only: a live session is told that it is fenced, or superseded, only after a takeover
// by another owner has landed; and while it owns the actor every reply names exactly the head that
// it left. (A reply about a stage may name the one that it left when it asked.)
//
// Does not check: replies that no live process receives; the wording.
#pragma once

#include "engine/head.h"
#include "engine/messages.h"
#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"

namespace squall::sim {

// The head as the session's takeover and commits left it.
HeadView own_head(const SessionTruth& session);
bool same_head(const HeadView& a, const HeadView& b);

// The session received "fenced".
void check_fence(Judge& judge, const SessionTruth& session, const std::string& text);
// Its takeover was answered by "superseded".
void check_superseded(Judge& judge, const ActorTruth& actor, Owner owner);
// A request of the session was answered with success and this head.
void check_reply_head(Judge& judge, const SessionTruth& session, const HeadView& reply);
// The generation changed under the same owner: it will be fenced though nobody took over.
// actor.head is the head before.
bool check_owner_keeps_generation(Judge& judge, const ActorTruth& actor, const Head& after);

}  // namespace squall::sim
