// The paths between hosts and engine nodes: which are cut, each way, and which are slow. A message
// that meets a cut waits until it is mended, as TCP makes it wait; a connection whose other side is
// silent for too long is dropped by its host (connection.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace squall::sim {

class Links {
 public:
  enum class Way : uint8_t { kToNode, kToHost };

  Links(int64_t hosts, int64_t nodes);

  void cut(uint32_t host, uint32_t node, Way way, int64_t until_us);
  void slow_down(uint32_t host, uint32_t node, int64_t until_us);
  // Nothing is cut or slow any more. What waits keeps its time.
  void mend();

  // Of a message that is sent now and would take nominal_us.
  int64_t delay_us(uint32_t host, uint32_t node, Way way, int64_t now_us, int64_t nominal_us) const;
  // In either direction.
  bool is_cut(uint32_t host, uint32_t node, int64_t now_us) const;

 private:
  struct Link {
    int64_t cut_to_node_until_us = 0;
    int64_t cut_to_host_until_us = 0;
    int64_t slow_until_us = 0;
  };
  const Link& link(uint32_t host, uint32_t node) const { return links_[host * nodes_ + node]; }
  Link& link(uint32_t host, uint32_t node) { return links_[host * nodes_ + node]; }

  size_t nodes_;
  bool any_ = false;
  std::vector<Link> links_;
};

}  // namespace squall::sim
