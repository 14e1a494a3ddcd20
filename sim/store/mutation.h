// A write as the client handed it over.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/store.h"
#include "sim/store/store_key.h"

namespace squall::sim {

// A value, or none.
using StoreValue = std::optional<SharedBytes>;

struct StoreMutation {
  enum class Kind : uint8_t { kSet, kClear, kClearRange, kAtomic };

  StoreKey key;  // of a range its begin; of kSetVersionstampedKey the key with position behind it
  SharedBytes operand;  // of a range its end; of a clear nothing
  Kind kind = Kind::kSet;
  AtomicOp op = AtomicOp::kAdd;  // of kAtomic

  bool is_atomic(AtomicOp which) const { return kind == Kind::kAtomic && op == which; }
};

}  // namespace squall::sim
