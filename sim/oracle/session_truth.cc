#include "sim/oracle/session_truth.h"

#include <fmt/format.h>

namespace squall::sim {

std::string describe(const SessionTruth& session) {
  return fmt::format("actor {} (start {}, head {})", session.actor, session.owner.start_sequence,
                     session.head_txid);
}

SessionTruth* twin_holder(SessionTruth& session) {
  SessionTruth* holder = &session;
  while (holder != nullptr && holder->twin == nullptr) holder = holder->ancestor.get();
  return holder;
}

namespace {

// Nobody else will ever look at the ancestor again, and its connection holds nothing that a new one
// wouldn't.
bool can_inherit(const SessionTruth& session) {
  const SessionTruth* ancestor = session.ancestor.get();
  return ancestor != nullptr && session.ancestor.use_count() == 1 && ancestor->ended &&
         ancestor->twin != nullptr && !ancestor->twin->has_temporary_tables();
}

}  // namespace

Twin& materialize_twin(SessionTruth& session, const Workload& workload) {
  if (session.twin != nullptr) return *session.twin;
  if (can_inherit(session)) {
    session.twin = std::move(session.ancestor->twin);
    session.twin->rollback();
    session.ancestor.reset();
    return *session.twin;
  }
  SessionTruth* holder = twin_holder(session);
  session.twin =
      holder ? std::make_unique<Twin>(workload, *holder->twin) : std::make_unique<Twin>(workload);
  session.ancestor.reset();
  return *session.twin;
}

}  // namespace squall::sim
