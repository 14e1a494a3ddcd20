// Sets of error codes, for tables of what a request may be answered with.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "engine/result.h"

namespace squall::sim {

constexpr uint32_t error_mask(std::initializer_list<ErrorCode> codes) {
  uint32_t bits = 0;
  for (const ErrorCode code : codes) bits |= 1u << static_cast<uint32_t>(code);
  return bits;
}

}  // namespace squall::sim
