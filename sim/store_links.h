// The paths between engine nodes and the store: which are cut, each way. As on any connection, what
// is sent into a cut waits until it is mended. A read waits so long; a commit too, unless the
// silence lasts: then the store's client has given its connection up, the request is lost if it had
// not passed, and once the store answers again it can say no more than "unknown".
#pragma once

#include <cstdint>
#include <vector>

#include "sim/plan.h"
#include "sim/store/pacer.h"

namespace squall::sim {

class StoreLinks {
 public:
  explicit StoreLinks(int64_t nodes) : links_(static_cast<size_t>(nodes)) {}

  // kStorePartition cuts both ways; kStorePartitionOneWay the way to the store if its parameter is
  // even, else the way back. The parameter is how long.
  void cut(uint32_t node, const Perturbation& fault, int64_t now_us);
  // Nothing is cut any more. What waits keeps its time.
  void mend();

  // What the cuts make of a round trip that the node begins now.
  void hold_up(uint32_t node, int64_t now_us, ReadFate* fate) const;
  void hold_up(uint32_t node, int64_t now_us, CommitFate* fate) const;

 private:
  struct Link {
    int64_t cut_to_store_until_us = 0;
    int64_t cut_to_node_until_us = 0;
  };

  std::vector<Link> links_;
};

}  // namespace squall::sim
