// corruption-detected: what is stored is served whole or not at all. No reply leaves out a page of
// the database; once the store has bent something of the actor, every page of every reply still is
// what was committed, byte for byte, and an error over it names the actor and what is damaged.
//
// Does not check: pages of replies while the store is sound (what SQLite reads of them is
// page-images').
#pragma once

#include <span>
#include <string>

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/page_blame.h"

namespace squall::sim {

// A live session that owns the actor was answered with pages of the head that it left.
void check_served_pages(Judge& judge, const PageBlame& blame, const ActorTruth& actor,
                        const SessionTruth& session, std::span<const NumberedPage> pages);
// A request about the actor, of which the store has bent something, was answered by "corrupt".
void check_corruption_named(Judge& judge, const ActorTruth& actor, const std::string& text);

}  // namespace squall::sim
