// fence-exclusive: one session at a time is served. What is staged belongs to the owner of the
// moment, and a session that another one has superseded is answered, if at all, from the head that
// it left itself.
//
// Does not check: commits (no-zombie-commit); what a dead process would have been told.
#pragma once

#include "engine/head.h"
#include "engine/rows.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// A stage operation landed: the head as it left it, and the stage row that it wrote.
bool check_stage_owner(Judge& judge, ActorId actor, const Head& head, const StageRow& stage);
// A live session that is superseded was answered.
void check_superseded_reply(Judge& judge, const SessionTruth& session, const Reply& reply);

}  // namespace squall::sim
