#include "sim/oracle/store_history.h"

#include <string>
#include <utility>

namespace squall::sim {
namespace {

Invariant invariant_of(const std::string& name) {
  return name == HistoryChecker::kSerializable ? Invariant::kStoreSerializable
                                               : Invariant::kStoreValuesVerbatim;
}

}  // namespace

StoreHistory::StoreHistory(Judge& judge)
    : judge_(judge), checker_([&judge](std::string invariant, std::string message) {
        judge.violated(invariant_of(invariant), "landing", std::move(message));
      }) {}

void StoreHistory::on_applied(const AppliedCommit& commit) {
  if (!commit.read_ranges.empty()) judge_.evaluated(Invariant::kStoreSerializable);
  if (!commit.rows.empty()) judge_.evaluated(Invariant::kStoreValuesVerbatim);
  checker_.on_applied(commit);
}

}  // namespace squall::sim
