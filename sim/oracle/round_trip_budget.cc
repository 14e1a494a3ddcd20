#include "sim/oracle/round_trip_budget.h"

#include <fmt/format.h>

namespace squall::sim {

void check_commit(Judge& judge, const SessionTruth& session, const CommitRequest& request) {
  judge.expect(!request.pages.empty(), Invariant::kRoundTripBudget, "empty-commit", [&] {
    return fmt::format("actor {} (start {}, head {}): a commit without pages went to the engine",
                       session.actor, session.owner.start_sequence, session.head_txid);
  });
}

void check_fetch(Judge& judge, const SessionTruth& session, const GetPagesRequest& request) {
  judge.expect(!session.inside_full_write, Invariant::kRoundTripBudget, "full-write", [&] {
    return fmt::format(
        "actor {} (start {}, head {}): page {} was fetched while SQLite overwrote a whole page",
        session.actor, session.owner.start_sequence, session.head_txid,
        request.pgnos.empty() ? 0 : request.pgnos.front());
  });
}

}  // namespace squall::sim
