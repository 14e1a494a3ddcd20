#include "sim/oracle/fence_exclusive.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kExclusive = Invariant::kFenceExclusive;

}  // namespace

bool check_stage_owner(Judge& judge, ActorId actor, const Head& head, const StageRow& stage) {
  const bool own =
      stage.generation == head.generation && stage.commit_id.session == head.owner.nonce;
  return judge.expect(own, kExclusive, "stage", [&] {
    return fmt::format(
        "actor {}: session {:x} of generation {} staged for commit {}, while start {}, session "
        "{:x}, owns "
        "the actor under generation {}",
        actor, stage.commit_id.session, stage.generation, stage.txid, head.owner.start_sequence,
        head.owner.nonce, head.generation);
  });
}

void check_superseded_reply(Judge& judge, const SessionTruth& session, const Reply& reply) {
  // The head may be one ahead where a commit is claimed that never landed: that is acked-durable's.
  const bool own_past = reply.head.head_txid <= session.head_txid + 1;
  // That its own last commit is still the newest it may hear under the new generation too; pages it
  // may not be given.
  const bool pages = std::holds_alternative<PagesReply>(reply.body);
  const bool served = pages ? reply.head.generation != session.generation || !own_past : !own_past;
  const bool refused = std::holds_alternative<Error>(reply.body);
  judge.expect(refused || !served, kExclusive, "reply", [&] {
    return fmt::format(
        "actor {}: start {} is superseded, left generation {} at head {}, and was served at "
        "generation "
        "{}, head {}",
        session.actor, session.owner.start_sequence, session.generation, session.head_txid,
        reply.head.generation, reply.head.head_txid);
  });
}

}  // namespace squall::sim
