// store-serializable and store-values-verbatim: the store is what it claims to be. The judging is
// the history checker's (sim/store/history_checker.h, which also says what it does not check); this
// brings it before the judge.
#pragma once

#include "sim/oracle/judge.h"
#include "sim/store/history_checker.h"

namespace squall::sim {

class StoreHistory {
 public:
  // judge outlives it.
  explicit StoreHistory(Judge& judge);

  void on_applied(const AppliedCommit& commit);

 private:
  Judge& judge_;
  HistoryChecker checker_;
};

}  // namespace squall::sim
