// actor-isolation: one actor's trouble stays its own. A transaction of the store is about one
// actor; a request is answered only by errors that its own actor can bring about, and by
// "unavailable" only when something has gone wrong with it or its tries are used up; it has no more
// tries than it may; no error ends the connection that many actors share; and a file dies only of a
// request of its own session.
//
// Does not check: delays, which actors of one connection and one node share.
#pragma once

#include <string>

#include "sim/knobs.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// A transaction that wrote rows of the first actor wrote rows of the second as well, if that is
// another one.
bool check_one_actor(Judge& judge, ActorId first, ActorId second);
// A request of that kind (its place in Request::body) was answered by an error.
void check_own_error(Judge& judge, const SessionTruth& session, size_t request_kind,
                     const Error& error);
// A node has served a commit or a part of a staged one.
struct ServedCommit {
  ActorId actor = 0;
  bool unavailable = false;  // the answer
  uint64_t reads = 0;        // round trips to the store: at least one in each try
  uint64_t commits = 0;      // tries that came to their store commit
  uint64_t struck = 0;       // what went wrong with it
};
void check_served_commit(Judge& judge, const ServedCommit& served, const Knobs& knobs);
// A request of the actor was answered by an error. ends: the node closes the connection for it.
void check_connection_kept(Judge& judge, ActorId actor, bool ends);
// The session's file is dead, though its process lives: one of its requests failed, or it is
// superseded.
void check_own_death(Judge& judge, const SessionTruth& session, const std::string& why);

}  // namespace squall::sim
