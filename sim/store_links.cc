#include "sim/store_links.h"

#include <algorithm>

namespace squall::sim {

namespace {
// From the last sign of life to the client's giving up the connection.
constexpr int64_t kSilenceUs = 2'000'000;
}  // namespace

void StoreLinks::cut(uint32_t node, const Perturbation& fault, int64_t now_us) {
  const bool both = fault.fault == Fault::kStorePartition;
  const bool to_store = fault.parameter % 2 == 0;
  const int64_t until_us = now_us + fault.parameter;
  Link& link = links_[node];
  if (both || to_store) link.cut_to_store_until_us = std::max(link.cut_to_store_until_us, until_us);
  if (both || !to_store) link.cut_to_node_until_us = std::max(link.cut_to_node_until_us, until_us);
}

void StoreLinks::mend() { std::fill(links_.begin(), links_.end(), Link{}); }

void StoreLinks::hold_up(uint32_t node, int64_t now_us, ReadFate* fate) const {
  const Link& link = links_[node];
  const int64_t left_us = std::max(link.cut_to_store_until_us, link.cut_to_node_until_us) - now_us;
  fate->wait_us += std::max<int64_t>(left_us, 0);
}

void StoreLinks::hold_up(uint32_t node, int64_t now_us, CommitFate* fate) const {
  const Link& link = links_[node];
  const int64_t to_store_us = std::max<int64_t>(link.cut_to_store_until_us - now_us, 0);
  const int64_t to_node_us = std::max<int64_t>(link.cut_to_node_until_us - now_us, 0);
  // One that the node itself stops waiting for needs nobody's answer.
  if (fate->outcome == CommitOutcome::kTimedOut || to_store_us + to_node_us == 0) return;
  const int64_t back_us = fate->reply_after_us - fate->land_after_us;
  if (to_store_us <= kSilenceUs) fate->land_after_us += to_store_us;
  fate->reply_after_us = std::max(fate->land_after_us, std::max(to_store_us, to_node_us)) + back_us;
  if (fate->outcome != CommitOutcome::kNormal) return;
  if (to_store_us > kSilenceUs) {
    fate->outcome = CommitOutcome::kUnknownLost;
  } else if (to_node_us > kSilenceUs) {
    fate->outcome = CommitOutcome::kUnknownLanded;
  }
}

}  // namespace squall::sim
