#include "sim/oracle/session_truth.h"

namespace squall::sim {

SessionTruth* twin_holder(SessionTruth& session) {
  SessionTruth* holder = &session;
  while (holder != nullptr && holder->twin == nullptr) holder = holder->ancestor.get();
  return holder;
}

Twin& materialize_twin(SessionTruth& session, const Workload& workload) {
  if (session.twin != nullptr) return *session.twin;
  SessionTruth* holder = twin_holder(session);
  session.twin = holder ? std::make_unique<Twin>(workload, *holder->twin) : std::make_unique<Twin>(workload);
  session.ancestor.reset();
  return *session.twin;
}

}  // namespace squall::sim
