// Nominal delays: heavy-tailed, keyed by the plan's jitter key and by whom they belong to. They are
// the run's weather, not its faults, so a capsule keeps only the key.
#pragma once

#include <cstdint>

#include "sim/keyed_hash.h"
#include "sim/knobs.h"
#include "sim/task_context.h"

namespace squall::sim {

class LatencyModel {
 public:
  LatencyModel(const Knobs& knobs, uint64_t jitter_key)
      : network_us_(knobs.network_latency_us),
        store_us_(knobs.store_latency_us),
        spread_(knobs.latency_spread),
        key_(jitter_key) {}

  // One way between a host and a node: each link has its own speed, up to `spread` times the
  // fastest one's.
  int64_t message_us(uint64_t host, uint64_t node, TaskContext& context) const {
    const uint64_t link = below(keyed_hash(key_, host, node), 1000);
    const int64_t nominal =
        network_us_ + network_us_ * (spread_ - 1) * static_cast<int64_t>(link) / 1000;
    return heavy_tailed(nominal, context.draw(key_));
  }
  // One way between a node and the store.
  int64_t store_us(TaskContext& context) const {
    return heavy_tailed(store_us_ / 2, context.draw(key_));
  }
  uint64_t draw(TaskContext& context) const { return context.draw(key_ + 1); }
  uint64_t key() const { return key_; }

 private:
  // Half to one and a half times nominal; one in a thousand takes a hundred times longer.
  static int64_t heavy_tailed(int64_t nominal_us, uint64_t hash) {
    const int64_t usual =
        nominal_us / 2 + static_cast<int64_t>(below(hash, static_cast<uint64_t>(nominal_us) + 1));
    return (hash & 0x3FF) == 0 ? usual * 100 + 1 : usual + 1;
  }

  int64_t network_us_;
  int64_t store_us_;
  int64_t spread_;
  uint64_t key_;
};

}  // namespace squall::sim
