// quota-kept: the quota in an actor's head record is what its operator set, through whatever
// takeovers, commits and compactions; a commit that grows the database never leaves more stored
// than the quota allows; and a commit is refused for the quota only if it grows the database and
// could take more than there was room for.
//
// Does not check: which of two quotas counts that were asked for at about the same time; a refusal
// within the most that the commit's pages could take, since only the engine knows how far they
// compress.
#pragma once

#include <cstdint>

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"

namespace squall::sim {

// The head is about to become `after`. first_quota: of an actor that nobody has set one for.
bool check_quota_kept(Judge& judge, ActorTruth& actor, const Head& after, uint64_t first_quota);

// What a session asked a node to commit.
struct AskedCommit {
  uint32_t size_pages = 0;  // of the database afterwards; 0: the request was no commit
  uint64_t pages = 0;       // that it carries
};

// The session was told that its commit is over the quota.
void check_quota_refusal(Judge& judge, const ActorTruth& actor, const SessionTruth& session,
                         const AskedCommit& asked);

}  // namespace squall::sim
