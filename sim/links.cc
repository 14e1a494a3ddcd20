#include "sim/links.h"

#include <algorithm>

namespace squall::sim {

namespace {
constexpr int64_t kSlowness = 20;
}  // namespace

Links::Links(int64_t hosts, int64_t nodes)
    : nodes_(static_cast<size_t>(nodes)), links_(static_cast<size_t>(hosts) * nodes_) {}

void Links::cut(uint32_t host, uint32_t node, Way way, int64_t until_us) {
  any_ = true;
  Link& there = link(host, node);
  int64_t& end_us = way == Way::kToNode ? there.cut_to_node_until_us : there.cut_to_host_until_us;
  end_us = std::max(end_us, until_us);
}

void Links::slow_down(uint32_t host, uint32_t node, int64_t until_us) {
  any_ = true;
  int64_t& end_us = link(host, node).slow_until_us;
  end_us = std::max(end_us, until_us);
}

void Links::mend() {
  any_ = false;
  std::fill(links_.begin(), links_.end(), Link{});
}

int64_t Links::delay_us(uint32_t host, uint32_t node, Way way, int64_t now_us,
                        int64_t nominal_us) const {
  if (!any_) return nominal_us;
  const Link& there = link(host, node);
  if (there.slow_until_us > now_us) nominal_us *= kSlowness;
  const int64_t end_us =
      way == Way::kToNode ? there.cut_to_node_until_us : there.cut_to_host_until_us;
  return std::max<int64_t>(end_us - now_us, 0) + nominal_us;
}

bool Links::is_cut(uint32_t host, uint32_t node, int64_t now_us) const {
  if (!any_) return false;
  const Link& there = link(host, node);
  return std::max(there.cut_to_node_until_us, there.cut_to_host_until_us) > now_us;
}

}  // namespace squall::sim
