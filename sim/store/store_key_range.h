// A range of keys, half open. The range of one key, [k, k\0), is kept as that key alone: it is what
// nearly every transaction reads and writes.
#pragma once

#include "sim/store/store_key.h"

namespace squall::sim {

struct StoreKeyRange {
  StoreKey begin;
  StoreKey end;  // empty: the range holds `begin` alone

  static StoreKeyRange of_key(StoreKey key) { return {std::move(key), StoreKey()}; }

  bool is_single_key() const { return end.empty(); }
  StoreKey end_key() const { return is_single_key() ? StoreKey::after(begin.view()) : end; }
  bool contains(const StoreKey& key) const {
    return is_single_key() ? key == begin : begin <= key && key < end;
  }
};

}  // namespace squall::sim
