#include "sim/oracle/no_zombie_commit.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kZombie = Invariant::kNoZombieCommit;

}  // namespace

bool check_announced(Judge& judge, const ActorTruth& actor, Owner owner) {
  return judge.expect(actor.is_announced(owner), kZombie, "takeover", [&] {
    return fmt::format("actor {}: was taken over by start {}, nonce {:x}, which nobody started",
                       actor.actor, owner.start_sequence, owner.nonce);
  });
}

bool check_committer(Judge& judge, const ActorTruth& actor, CommitId commit, uint64_t txid) {
  const SessionTruth& owner = *actor.owner;
  const bool by_owner = judge.expect(commit.session == owner.owner.nonce, kZombie, "landing", [&] {
    return fmt::format(
        "actor {}: commit {} landed for session {:x}, while start {}, session {:x}, owns the actor",
        actor.actor, txid, commit.session, owner.owner.start_sequence, owner.owner.nonce);
  });
  if (!by_owner) return false;
  return judge.expect(commit.sequence > owner.last_landed_sequence, kZombie, "landed-twice", [&] {
    return fmt::format(
        "actor {}: commit {} of start {} landed again, as {}; its commit {} had landed before",
        actor.actor, commit.sequence, owner.owner.start_sequence, txid, owner.last_landed_sequence);
  });
}

}  // namespace squall::sim
