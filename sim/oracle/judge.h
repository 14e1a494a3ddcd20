// Where every check ends: counts what was evaluated, reports the first violation, and is silent
// from then on.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "sim/oracle/invariants.h"

namespace squall::sim {

class Judge {
 public:
  explicit Judge(std::function<void(const Violation&)> report) : report_(std::move(report)) {}

  void evaluated(Invariant invariant) {
    if (!violated_) ++counts_[static_cast<size_t>(invariant)];
  }
  void violated(Invariant invariant, std::string_view site, std::string message) {
    if (violated_) return;
    violated_ = true;
    report_(Violation{invariant, std::string(site), std::move(message)});
  }
  // One evaluation. message() is made only when it does not hold.
  template <typename Message>
  bool expect(bool holds, Invariant invariant, std::string_view site, Message&& message) {
    evaluated(invariant);
    if (!holds) [[unlikely]]
      violated(invariant, site, message());
    return holds;
  }

  bool silent() const { return violated_; }
  const InvariantCounts& counts() const { return counts_; }

 private:
  std::function<void(const Violation&)> report_;
  InvariantCounts counts_{};
  bool violated_ = false;
};

}  // namespace squall::sim
