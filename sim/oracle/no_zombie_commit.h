// no-zombie-commit: a commit lands only for the owner of that moment, which someone started, and
// once.
//
// Does not check: commits that did not land; what the commit holds.
#pragma once

#include "engine/head.h"
#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"

namespace squall::sim {

// An owner took over: one that the world has announced.
bool check_announced(Judge& judge, const ActorTruth& actor, Owner owner);
// A commit landed with this id. False: it does not hold.
bool check_committer(Judge& judge, const ActorTruth& actor, CommitId commit, uint64_t txid);

}  // namespace squall::sim
